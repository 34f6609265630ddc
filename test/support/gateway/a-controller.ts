import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import type { HostCapabilities } from '../../../gateway/protocol/host.ts';
import { waitFor } from '../wait-for.ts';
import { aToken } from './a-token.ts';
import { aHost, aViewer, type Message, type TestSocket } from './test-socket.ts';

/** A host that takes input on everything. */
export const aControllableHost = (
  url: string,
  given: { path?: string; token?: string; capabilities?: Partial<HostCapabilities> } = {},
): Promise<TestSocket> =>
  aHost(url, {
    ...given,
    capabilities: { devices: [...DEVICES], clipboard: true, ...given.capabilities },
  });

export const aControlToken = (sub = 'anna', room = 'demo'): string =>
  aToken({ sub, room, can: ['watch', 'control'] });

/** A viewer that holds all devices, and the epoch in which it does. */
export async function aController(
  url: string,
  given: { token?: string; source?: string } = {},
): Promise<{ readonly socket: TestSocket; readonly epoch: number }> {
  const socket = await aViewer(url, { token: aControlToken(), ...given });
  const epoch = await takeControl(socket);
  return { socket, epoch };
}

/** Asks for control and waits for it; resolves with its epoch. */
export async function takeControl(socket: TestSocket, id = 'wish'): Promise<number> {
  const { viewer } = await socket.hears('control/welcome');
  socket.say({ type: 'control/request', id });
  return await waitFor(() => epochOf(socket.heard('control/state').at(-1), viewer), {
    what: 'control of the keyboard',
  });
}

function epochOf(state: Message | undefined, viewer: unknown): number | undefined {
  const { keyboard } = (state?.['holders'] ?? {}) as {
    keyboard?: { viewer: string; epoch: number } | null;
  };
  return keyboard?.viewer === viewer ? keyboard?.epoch : undefined;
}
