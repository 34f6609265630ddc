import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP, connect as connectTcp, type Socket as TcpSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { lookup } from 'node:dns/promises';
import { ProviderFailure } from '../provider-failure.ts';
import type { IceAddress } from '../ice-url.ts';
import { StunAnswer, stunLength, type StunRequest } from './stun-message.ts';

/** RFC 8489 §6.2.1: first wait of a datagram before it is sent again; doubles. */
const RETRANSMIT_MS = 500;
/** No answer of STUN is larger; a server that talks otherwise speaks another protocol. */
const MAX_BYTES = 4096;

/** A way to one STUN or TURN server, for one request at a time. */
export class StunConnection {
  readonly #send: (bytes: Buffer) => void;
  readonly #end: () => void;
  readonly #isDatagram: boolean;
  #receive: (bytes: Buffer) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  private constructor(way: {
    send: (bytes: Buffer) => void;
    end: () => void;
    isDatagram: boolean;
  }) {
    this.#send = way.send;
    this.#end = way.end;
    this.#isDatagram = way.isDatagram;
  }

  /** @throws what sockets throw, and when `signal` ends the wait */
  static async open(address: IceAddress, signal: AbortSignal): Promise<StunConnection> {
    if (address.transport === 'dtls') throw new ProviderFailure('TURN over DTLS cannot be probed.');
    return address.transport === 'udp'
      ? await StunConnection.#overUdp(address, signal)
      : await StunConnection.#overTcp(address, signal);
  }

  static async #overUdp({ host, port }: IceAddress, signal: AbortSignal): Promise<StunConnection> {
    const { address, family } = await unless(signal, lookup(host));
    const socket: UdpSocket = createSocket(family === 6 ? 'udp6' : 'udp4');
    const connection = new StunConnection({
      send: (bytes) => socket.send(bytes),
      end: () => socket.close(),
      isDatagram: true,
    });
    // A port that is closed is told by ICMP.
    socket.on('error', (error) => connection.#fail(error));
    socket.on('message', (bytes) => connection.#receive(bytes));
    socket.connect(port, address);
    try {
      await once(socket, 'connect', { signal });
    } catch (error) {
      socket.close();
      throw error;
    }
    return connection;
  }

  static async #overTcp(
    { host, port, transport }: IceAddress,
    signal: AbortSignal,
  ): Promise<StunConnection> {
    const isTls = transport === 'tls';
    const socket: TcpSocket = isTls
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
      : connectTcp({ host, port });
    try {
      await once(socket, isTls ? 'secureConnect' : 'connect', { signal });
    } catch (error) {
      socket.on('error', () => undefined);
      socket.destroy();
      throw error;
    }
    const connection = new StunConnection({
      send: (bytes) => void socket.write(bytes),
      end: () => socket.destroy(),
      isDatagram: false,
    });
    let waiting = Buffer.alloc(0);
    socket.on('error', (error) => connection.#fail(error));
    socket.on('close', () => connection.#fail(new ProviderFailure('It closed the connection.')));
    socket.on('data', (bytes: Buffer) => {
      waiting = Buffer.concat([waiting, bytes]);
      for (;;) {
        const length = stunLength(waiting) ?? Infinity;
        if (waiting.length > MAX_BYTES) socket.destroy();
        if (length > waiting.length) return;
        connection.#receive(waiting.subarray(0, length));
        waiting = waiting.subarray(length);
      }
    });
    return connection;
  }

  /** Resolves with the answer; rejects with the way's failure or the signal's reason. */
  async request(request: StunRequest, signal: AbortSignal): Promise<StunAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<StunAnswer>();
    this.#fail = reject;
    this.#receive = (bytes) => {
      const answer = StunAnswer.read(bytes, request);
      if (answer !== undefined) resolve(answer);
    };
    let timer: NodeJS.Timeout | undefined;
    const send = (waitMs: number): void => {
      this.#send(request.bytes);
      if (this.#isDatagram) timer = setTimeout(() => send(waitMs * 2), waitMs);
    };
    try {
      send(RETRANSMIT_MS);
      return await unless(signal, promise);
    } finally {
      clearTimeout(timer);
      this.#receive = () => undefined;
      this.#fail = () => undefined;
    }
  }

  close(): void {
    this.#end();
  }
}

/** The same, or the signal's reason if that comes first. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
