import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { LIMITS } from '../limits/limits.ts';
import { CLOSE_CODES } from '../protocol/close-codes.ts';
import { closeReason } from './close-reason.ts';
import { Heartbeat } from './heartbeat.ts';
import { MessageBudgets, type MessageRates } from './message-rates.ts';

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
  readonly rates: MessageRates;
  /** A parsed message, and when it was here (`performance.now()`). A sentence when it has no place here. */
  readonly onMessage: (message: In, arrivedAt: number) => string | undefined;
  /** What is wrong with a text message; true: the socket stays. Without this it never does. */
  readonly onProblem?: (sentence: string) => boolean;
  /** A binary message. A sentence when it has no place here; none has without this. */
  readonly onBinary?: (message: Buffer) => string | undefined;
  /** What may wait for a peer that does not read; `LIMITS.socketQueueBytes` without. */
  readonly queueBytes?: number;
  /** Whether pings may go unanswered for now; never without this. */
  readonly isExcused?: () => boolean;
  /** All that was sent is on its way. */
  readonly onClear?: () => void;
  /** Called once. */
  readonly onEnd: (end: SocketEnd) => void;
}

/** JSON text messages over one WebSocket, in the shape of a schema; all that a peer may cost is bounded. */
export class JsonChannel<In, Out extends object> {
  readonly #parts: ChannelParts<In>;
  readonly #socket: WebSocket;
  readonly #budgets: MessageBudgets;
  readonly #heartbeat: Heartbeat;
  /** What to do once a ping is answered, by its text. */
  readonly #receipts = new Map<string, () => void>();
  readonly #queueBytes: number;
  #asked = 0;
  #end: SocketEnd | undefined;

  constructor(parts: ChannelParts<In>) {
    const { socket, rates, isExcused } = parts;
    this.#parts = parts;
    this.#socket = socket;
    this.#queueBytes = parts.queueBytes ?? LIMITS.socketQueueBytes;
    this.#budgets = new MessageBudgets(rates, () => performance.now());
    const silent = () =>
      this.close(CLOSE_CODES.timeout, 'No ping was answered for too long.', 'silent');
    this.#heartbeat = new Heartbeat(socket, silent, isExcused);
    socket.on('message', (data: Buffer, isBinary) => this.#hear(data, isBinary));
    socket.on('ping', (data: Buffer) => this.#pong(data));
    socket.on('pong', (data: Buffer) => this.#hearPong(data));
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

  /** A message that came another way; it costs and may break the protocol as if by the socket. */
  hear(text: string, onMessage: ChannelParts<In>['onMessage']): void {
    this.#hear(Buffer.from(text), false, onMessage);
  }

  /** Says goodbye with a sentence; what comes after it is not heard. */
  close(code: number, sentence: string, end: SocketEnd): void {
    if (this.#end !== undefined) return;
    this.#socket.close(code, closeReason(sentence));
    this.#finish(end);
  }

  /** Calls once the peer has all that was sent until now; never when the socket ends before. */
  onceRead(act: () => void): void {
    if (this.#end !== undefined) return;
    const receipt = `read ${(this.#asked += 1)}`;
    this.#receipts.set(receipt, act);
    this.#socket.ping(receipt);
    this.#limitQueue();
  }

  #hear(data: Buffer, isBinary: boolean, onMessage = this.#parts.onMessage): void {
    const arrivedAt = performance.now();
    if (!this.#pays(() => this.#budgets.takeAny(data.length))) return;
    const { onBinary } = this.#parts;
    if (isBinary && onBinary === undefined) {
      this.close(1003, 'Send JSON in text messages.', 'malformed');
      return;
    }
    const problem =
      isBinary && onBinary !== undefined
        ? this.#readBinary(data, onBinary)
        : this.#read(data, arrivedAt, onMessage);
    if (problem === undefined || this.#parts.onProblem?.(problem) === true) return;
    this.close(1008, problem, 'malformed');
  }

  /** What is wrong with a message, if anything. */
  #read(
    data: Buffer,
    arrivedAt: number,
    onMessage: ChannelParts<In>['onMessage'],
  ): string | undefined {
    let json: unknown;
    try {
      json = JSON.parse(data.toString('utf8'));
    } catch {
      return 'The message is not JSON.';
    }
    if (!this.#pays(() => this.#budgets.take(json, data.length))) return undefined;
    const parsed = this.#parts.schema.safeParse(json);
    if (parsed.success) return onMessage(parsed.data, arrivedAt);
    const [issue] = parsed.error.issues;
    return `${issue?.path.map(String).join('.') || 'message'}: ${issue?.message ?? ''}`;
  }

  #readBinary(data: Buffer, onBinary: (message: Buffer) => string | undefined): string | undefined {
    return this.#pays(() => this.#budgets.take(data, data.length)) ? onBinary(data) : undefined;
  }

  #hearPong(data: Buffer): void {
    if (!this.#pays(() => this.#budgets.takeSignal())) return;
    const receipt = data.toString('latin1');
    const act = this.#receipts.get(receipt);
    this.#receipts.delete(receipt);
    act?.();
  }

  #pong(data: Buffer): void {
    if (!this.#pays(() => this.#budgets.takeSignal())) return;
    this.#socket.pong(data);
    this.#limitQueue();
  }

  /** Whether the peer had enough left; it is sent away otherwise. */
  #pays(take: () => boolean): boolean {
    if (this.#end !== undefined) return false;
    if (take()) return true;
    this.close(CLOSE_CODES['rate-limited'], 'Too many messages. Slow down.', 'flood');
    return false;
  }

  #limitQueue(): void {
    if (this.#socket.bufferedAmount > this.#queueBytes) this.#cut('slow');
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
    this.#receipts.clear();
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
