import { randomUUID } from 'node:crypto';
import type { ClientOptions } from 'ws';
import type { PeerRole } from '../../../gateway/protocol/signal/peer.ts';
import { SIGNAL_PROTOCOL } from '../../../gateway/protocol/signal/signal-protocol.ts';
import { TOKEN_PROTOCOL_PREFIX } from '../../../gateway/protocol/viewer-protocol.ts';
import { aToken } from './a-token.ts';
import { openSocket, type Message, type TestSocket } from './test-socket.ts';

export const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
export const CANDIDATE = 'candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host';

const RIGHTS: Readonly<Record<PeerRole, string>> = {
  sender: 'publish',
  receiver: 'watch',
  host: 'host',
  client: 'watch',
};

export interface PeerWish {
  readonly room?: string;
  readonly source?: string;
  readonly sub?: string;
  readonly token?: string;
  readonly resume?: string;
  readonly name?: string;
  readonly control?: string;
}

/** A peer's socket, with its token as pages bring it. */
export const aSignalSocket = (
  url: string,
  token: string,
  options: ClientOptions = {},
): Promise<TestSocket> =>
  openSocket(url, '/ws/signal', {
    ...options,
    protocols: [SIGNAL_PROTOCOL, `${TOKEN_PROTOCOL_PREFIX}${token}`],
  });

export interface TestPeer {
  readonly socket: TestSocket;
  readonly peerId: string;
  readonly resume: string;
  /** The message that told so. */
  readonly registered: Message;
}

/** A socket that has asked to be registered. */
export async function anApplicant(
  url: string,
  role: PeerRole,
  { room = 'demo', sub = `${role}-${randomUUID()}`, ...wish }: PeerWish = {},
): Promise<TestSocket> {
  const { token = aToken({ sub, room, can: [RIGHTS[role]] }), ...more } = wish;
  const socket = await aSignalSocket(url, token);
  socket.say({ type: 'register', room, role, ...more });
  return socket;
}

/** A peer that is registered. */
export async function aPeer(url: string, role: PeerRole, wish: PeerWish = {}): Promise<TestPeer> {
  const socket = await anApplicant(url, role, wish);
  const registered = await socket.hears('registered');
  const { peerId, resume } = registered as unknown as { peerId: string; resume: string };
  return { socket, peerId, resume, registered };
}
