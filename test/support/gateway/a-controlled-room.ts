import type { Device } from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import { aToken } from './a-token.ts';
import {
  aHost,
  openSocket,
  viewerProtocols,
  type Message,
  type TestSocket,
} from './test-socket.ts';

/** A host that can be controlled, and has been told by whom. */
export async function aControlledHost(
  url: string,
  given: { token?: string; devices?: readonly Device[] } = {},
): Promise<TestSocket> {
  const { token, devices = DEVICES } = given;
  const host = await aHost(url, {
    capabilities: { devices: [...devices] },
    ...(token === undefined ? {} : { token }),
  });
  await host.hears('control/leases');
  return host;
}

/** What a token allows whoever may ask for control. */
export const aControllerToken = (sub: string): string => aToken({ sub, can: ['watch', 'control'] });

/** An owner of the room. */
export const anOwnerToken = (sub = 'owner'): string => aToken({ sub, can: ['admin'] });

let wishes = 0;

/** A viewer of `main`, as control knows it. */
export class Controller {
  readonly socket: TestSocket;
  readonly welcome: { readonly viewer: string; readonly name: string; readonly resume: string };

  constructor(socket: TestSocket, welcome: Message) {
    this.socket = socket;
    this.welcome = welcome as unknown as Controller['welcome'];
  }

  get viewer(): string {
    return this.welcome.viewer;
  }

  /** The newest state that it heard. */
  get state(): Message | undefined {
    return this.socket.heard('control/state').at(-1);
  }

  /** The epoch in which it holds a device; null: it does not. */
  epoch(device: Device = 'keyboard'): number | null {
    const holders = this.state?.['holders'] as
      Record<Device, { viewer: string; epoch: number; absent: boolean } | null> | undefined;
    const holder = holders?.[device];
    return holder?.viewer === this.viewer ? holder.epoch : null;
  }

  /** Resolves with the answer. */
  async wish(type: string, members: object = {}): Promise<Message> {
    const id = `w${(wishes += 1)}`;
    const { socket } = this;
    socket.say({ type: `control/${type}`, id, ...members });
    return await socket.hearsSuch('control/answer', (answer) => answer['id'] === id);
  }
}

/** A viewer that was welcomed and knows who controls. */
export async function aController(
  url: string,
  given: { sub?: string; token?: string; name?: string; resume?: string; source?: string } = {},
): Promise<Controller> {
  const { sub = 'ben', token = aControllerToken(sub), source = 'main', ...more } = given;
  const members = { name: more.name, resume: more.resume };
  const socket = await openSocket(url, '/ws/control/demo', { protocols: viewerProtocols(token) });
  socket.say({ type: 'viewer/watching', source, session: null, ...members });
  const welcome = await socket.hears('control/welcome');
  await socket.hears('control/state');
  return new Controller(socket, welcome);
}
