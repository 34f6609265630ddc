import { onTestFinished } from 'vitest';
import { SIGNAL_PROTOCOL } from '../../../gateway/protocol/signal/signal-protocol.ts';
import { aToken } from '../gateway/a-token.ts';
import { openSocket, type Message, type TestSocket } from '../gateway/test-socket.ts';
import { waitFor } from '../wait-for.ts';
import { DirectPeer } from './direct-peer.ts';

const TIMEOUT_MS = 30_000;
const ATTEMPTS = 3;

/** A client of a room's host: its signalling, and peers that it offers. Closed after the test. */
export class RoomClient {
  readonly socket: TestSocket;
  readonly #peers: DirectPeer[] = [];

  private constructor(socket: TestSocket) {
    this.socket = socket;
    onTestFinished(() => {
      for (const peer of this.#peers) peer.close();
    });
  }

  /** Registers; `control`: the secret of its control session. */
  static async join(
    url: string,
    given: { sub?: string; control?: unknown } = {},
  ): Promise<RoomClient> {
    const { sub = 'ben', control } = given;
    const token = aToken({ sub, can: ['watch'] });
    const socket = await openSocket(url, '/ws/signal', { protocols: [SIGNAL_PROTOCOL], token });
    const more = control === undefined ? {} : { control };
    socket.say({ type: 'register', room: 'demo', role: 'client', ...more });
    await socket.hears('registered');
    return new RoomClient(socket);
  }

  /** Resolves once the room has a host. */
  async host(): Promise<string> {
    const { messages } = this.socket;
    const find = (): unknown => {
      const [peer] = messages.flatMap((message) =>
        message.type === 'registered'
          ? (message['peers'] as Message[])
          : message.type === 'peer-connected'
            ? [message]
            : [],
      );
      return peer?.['peerId'];
    };
    return String(await waitFor(find, { timeoutMs: TIMEOUT_MS, what: 'a host' }));
  }

  /** A peer that is connected to the host, with both channels open. */
  async watch(): Promise<DirectPeer> {
    await this.host();
    for (let attempt = 1; ; attempt += 1) {
      const peer = new DirectPeer();
      this.#peers.push(peer);
      try {
        await this.#connect(peer);
        return peer;
      } catch (error) {
        // As the offering side libdatachannel may lose a race (its pull request 1612).
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Goes without a word. */
  kill(): void {
    this.socket.socket.terminate();
    for (const peer of this.#peers) peer.mute();
  }

  async #connect(peer: DirectPeer): Promise<void> {
    const { messages } = this.socket;
    const since = messages.length;
    const heard = (type: string): readonly Message[] =>
      messages.slice(since).filter((message) => message.type === type);
    this.socket.say({ type: 'offer', sdp: peer.offer() });
    const { sdp } = await waitFor(() => heard('answer')[0], {
      timeoutMs: TIMEOUT_MS,
      what: 'an answer',
    });
    peer.accept(String(sdp));
    let taken = 0;
    const trickle = setInterval(() => {
      for (const { candidate } of heard('ice-candidate').slice(taken)) {
        taken += 1;
        const one = candidate as { candidate: string; sdpMid: string } | null;
        if (one !== null) peer.addCandidate(one.candidate, one.sdpMid);
      }
    }, 10);
    await Promise.all([peer.connected, peer.opened]).finally(() => clearInterval(trickle));
  }
}
