import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { LIMITS } from '../limits/limits.ts';
import { CLOSE_CODES } from '../protocol/close-codes.ts';
import { closeReason } from './close-reason.ts';
import { Heartbeat } from './heartbeat.ts';
import { MessageBudget } from '../limits/message-budget.ts';

/** Why a socket ended, in the words of log and metrics. */
export type SocketEnd =
  | 'client' // it closed
  | 'cut' // its connection ended without a goodbye
  | 'silent' // no answer to pings
  | 'malformed' // a message that breaks the protocol
  | 'too-large'
  | 'flood'
  | 'slow' // it does not read
  | 'dismissed' // by a rule of the middle
  | 'shutdown';

export interface ChannelParts<In> {
  readonly socket: WebSocket;
  readonly schema: z.ZodType<In>;
  /** Messages a second, and how many at once. */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** A parsed message. A sentence when it has no place here. */
  readonly onMessage: (message: In) => string | undefined;
  /** All that was sent is on its way. */
  readonly onClear?: () => void;
  /** Called once. */
  readonly onEnd: (end: SocketEnd) => void;
}

/** JSON text messages over one WebSocket, in the shape of a schema; all that a peer may cost is bounded. */
export class JsonChannel<In, Out extends object> {
  readonly #parts: ChannelParts<In>;
  readonly #socket: WebSocket;
  readonly #budget: MessageBudget;
  readonly #heartbeat: Heartbeat;
  #end: SocketEnd | undefined;

  constructor(parts: ChannelParts<In>) {
    const { socket, rate } = parts;
    this.#parts = parts;
    this.#socket = socket;
    this.#budget = new MessageBudget(rate, () => performance.now());
    this.#heartbeat = new Heartbeat(socket, () => this.#cut('silent'));
    socket.on('message', (data: Buffer, isBinary) => this.#hear(data, isBinary));
    socket.on('ping', (data: Buffer) => this.#pong(data));
    socket.on('pong', () => void this.#pay(0));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', (code) => this.#finish(code === NO_GOODBYE ? 'cut' : 'client'));
  }

  get rttMs(): number | null {
    return this.#heartbeat.rttMs;
  }

  /** Whether nothing that was sent waits here. */
  get isClear(): boolean {
    return this.#socket.bufferedAmount === 0;
  }

  /** Sends a message; who does not read is cut off. */
  send(message: Out): void {
    if (this.#end !== undefined) return;
    this.#socket.send(textOf(message), TEXT, () => {
      if (this.#end === undefined && this.isClear) this.#parts.onClear?.();
    });
    this.#limitQueue();
  }

  /** Says goodbye with a sentence; what comes after it is not heard. */
  close(code: number, sentence: string, end: SocketEnd): void {
    if (this.#end !== undefined) return;
    this.#socket.close(code, closeReason(sentence));
    this.#finish(end);
  }

  #hear(data: Buffer, isBinary: boolean): void {
    if (this.#end !== undefined || !this.#pay(data.length)) return;
    if (isBinary) {
      this.close(1003, 'Send JSON in text messages.', 'malformed');
      return;
    }
    const problem = this.#read(data);
    if (problem !== undefined) this.close(1008, problem, 'malformed');
  }

  /** What is wrong with a message, if anything. */
  #read(data: Buffer): string | undefined {
    let json: unknown;
    try {
      json = JSON.parse(data.toString('utf8'));
    } catch {
      return 'The message is not JSON.';
    }
    const parsed = this.#parts.schema.safeParse(json);
    if (parsed.success) return this.#parts.onMessage(parsed.data);
    const [issue] = parsed.error.issues;
    return `${issue?.path.map(String).join('.') || 'message'}: ${issue?.message ?? ''}`;
  }

  #pong(data: Buffer): void {
    if (this.#end !== undefined || !this.#pay(0)) return;
    this.#socket.pong(data);
    this.#limitQueue();
  }

  #pay(bytes: number): boolean {
    if (this.#end !== undefined) return false;
    if (this.#budget.take(bytes)) return true;
    this.close(CLOSE_CODES['rate-limited'], 'Too many messages. Slow down.', 'flood');
    return false;
  }

  #limitQueue(): void {
    if (this.#socket.bufferedAmount > LIMITS.socketQueueBytes) this.#cut('slow');
  }

  #cut(end: SocketEnd): void {
    this.#finish(end);
    this.#socket.terminate();
  }

  /** The library has said why in its close frame. */
  #fail(error: Error): void {
    const code = 'code' in error ? error.code : '';
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#finish('too-large');
    else if (typeof code === 'string' && code.startsWith('WS_ERR_')) this.#finish('malformed');
    else this.#finish('cut');
  }

  #finish(end: SocketEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#heartbeat.stop();
    this.#parts.onEnd(end);
  }
}

/** RFC 6455 §7.4.1: no close frame came. */
const NO_GOODBYE = 1006;

const TEXT = { binary: false } as const;

const texts = new WeakMap<object, Buffer>();

/** A message that goes to many is written once. */
function textOf(message: object): Buffer {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const text = Buffer.from(JSON.stringify(message));
  texts.set(message, text);
  return text;
}
