import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  MediaWatcherMessage,
  type MediaWatcherEvent,
} from '../../../gateway/protocol/media/media-messages.ts';
import {
  MEDIA_ALIVE_MS,
  WATCH_MEDIA_PROTOCOL,
} from '../../../gateway/protocol/media/media-protocol.ts';
import { readPainted } from '../../../gateway/protocol/media/painted.ts';
import { writeSound } from '../../../gateway/protocol/media/sound.ts';
import { writeStripe } from '../../../gateway/protocol/media/stripe.ts';
import { CLIP_FPS, SOUND_PACKET_MS, type EncodedClip } from './encoded-clip.ts';

/** More on the way than this: pictures are left out until the next key. */
const MOST_UNPAINTED = 6;
const SESSION = 'a'.repeat(22);

/** What one viewer did. */
export interface StageViewer {
  readonly protocols: readonly string[];
  /** Numbers of pictures, in the order of the receipts. */
  readonly painted: number[];
  readonly messages: MediaWatcherMessage[];
  /** Numbers of the pictures that it was sent. */
  readonly sent: number[];
  readonly soundsSent: number;
  close(code: number, reason: string): void;
  send(message: Uint8Array): void;
}

/** A real server of `/ws/media` that publishes an encoded clip over and over to whoever comes. */
export class MediaStage {
  readonly viewers: Viewer[] = [];
  clip: EncodedClip;
  isPublishing = true;
  /** Changes the bytes of a stripe on its way; identity when absent. */
  spoil: ((payload: Uint8Array, isKey: boolean) => Uint8Array) | null = null;
  #layout = 1;
  #frame: number;
  #port = 0;
  #http: Server | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #aliveTimer: ReturnType<typeof setInterval> | undefined;
  #startedAtMs = Date.now();
  #pictures = 0;
  #sounds = 0;

  private constructor(clip: EncodedClip, firstFrame: number) {
    this.clip = clip;
    this.#frame = firstFrame;
  }

  static async open(clip: EncodedClip, firstFrame = 0): Promise<MediaStage> {
    const stage = new MediaStage(clip, firstFrame);
    await stage.listen();
    return stage;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/ws/media/demo`;
  }

  /** The one that came last. */
  get viewer(): Viewer {
    const viewer = this.viewers.at(-1);
    if (viewer === undefined) throw new Error('no viewer has come');
    return viewer;
  }

  /** On the port that it had before, if it had one. */
  async listen(): Promise<void> {
    const http = createServer();
    const sockets = new WebSocketServer({
      server: http,
      perMessageDeflate: false,
      handleProtocols: () => WATCH_MEDIA_PROTOCOL,
    });
    sockets.on('connection', (socket, { headers }) => {
      const protocols = (headers['sec-websocket-protocol'] ?? '').split(', ');
      this.viewers.push(new Viewer(socket, protocols, this.isPublishing));
    });
    http.listen(this.#port, '127.0.0.1');
    await once(http, 'listening');
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
    this.#startedAtMs = Date.now();
    this.#pictures = 0;
    this.#sounds = 0;
    this.#timer = setInterval(() => this.#publish(), 5);
    this.#aliveTimer = setInterval(() => {
      for (const viewer of this.viewers) viewer.tell({ type: 'media/alive' });
    }, MEDIA_ALIVE_MS);
  }

  /** Another picture: size, rows or codec. */
  setClip(clip: EncodedClip): void {
    this.clip = clip;
    this.#layout = (this.#layout + 1) % 256;
    for (const viewer of this.viewers) viewer.needsKey = true;
  }

  setPublishing(publishing: boolean): void {
    this.isPublishing = publishing;
    for (const viewer of this.viewers) {
      viewer.needsKey = true;
      viewer.tell({ type: 'media/state', publishing, webrtc: false });
    }
  }

  /** Cuts all connections, as a server that dies does. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#aliveTimer);
    const http = this.#http;
    if (http === null) return;
    this.#http = null;
    for (const viewer of this.viewers) viewer.cut();
    http.closeAllConnections();
    http.close();
    await once(http, 'close');
  }

  #publish(): void {
    const elapsedMs = Date.now() - this.#startedAtMs;
    while (this.#pictures * (1000 / CLIP_FPS) <= elapsedMs) this.#publishPicture();
    while (this.#sounds * SOUND_PACKET_MS <= elapsedMs) this.#publishSound();
  }

  #publishPicture(): void {
    const atMs = this.#startedAtMs + (this.#pictures * 1000) / CLIP_FPS;
    const { width, height, codec, rows } = this.clip;
    const index = this.#pictures++ % (rows[0]?.frames.length ?? 1);
    if (!this.isPublishing) return;
    const frame = this.#frame++ >>> 0;
    const messages = rows.map(({ y, rows: count, frames }, n) => {
      const { isKey = true, payload = new Uint8Array([0]) } = frames[index] ?? {};
      const header = {
        ...{ isKey, isLast: n === rows.length - 1, isRefined: false, frame, width, height },
        ...{ y, rows: count, layout: this.#layout, codec, capturedAtUs: Math.round(atMs * 1000) },
      };
      return { isKey, message: writeStripe(header, this.spoil?.(payload, isKey) ?? payload) };
    });
    for (const viewer of this.viewers) viewer.offer(frame, messages);
  }

  #publishSound(): void {
    const { sound } = this.clip;
    const sequence = this.#sounds++;
    const payload = sound[sequence % sound.length];
    if (!this.isPublishing || payload === undefined) return;
    const capturedAtUs = (this.#startedAtMs + sequence * SOUND_PACKET_MS) * 1000;
    for (const viewer of this.viewers) {
      viewer.offerSound(writeSound({ sequence, capturedAtUs, payload }));
    }
  }
}

class Viewer implements StageViewer {
  readonly protocols: readonly string[];
  readonly painted: number[] = [];
  readonly messages: MediaWatcherMessage[] = [];
  readonly sent: number[] = [];
  soundsSent = 0;
  needsKey = true;
  readonly #socket: WebSocket;
  #wanted = { picture: true, sound: true };

  constructor(socket: WebSocket, protocols: readonly string[], publishing: boolean) {
    this.#socket = socket;
    this.protocols = protocols;
    socket.on('message', (data, isBinary) => this.#take(data as Buffer, isBinary));
    this.tell({ type: 'media/welcome', session: SESSION as never });
    this.tell({ type: 'media/state', publishing, webrtc: false });
    this.tell({ type: 'media/viewers', count: 1 });
  }

  /** Whether the connection stands. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  tell(event: MediaWatcherEvent): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(event));
  }

  send(message: Uint8Array): void {
    this.#socket.send(message);
  }

  offer(
    frame: number,
    messages: readonly { readonly isKey: boolean; readonly message: Uint8Array }[],
  ): void {
    if (!this.#wanted.picture || !this.isOpen) {
      this.needsKey = true;
      return;
    }
    const unpainted = this.sent.length - 1 - this.sent.lastIndexOf(this.painted.at(-1) ?? -1);
    if (unpainted >= MOST_UNPAINTED) this.needsKey = true;
    if (unpainted >= MOST_UNPAINTED) return;
    if (this.needsKey && !messages.every(({ isKey }) => isKey)) return;
    this.needsKey = false;
    this.sent.push(frame);
    for (const { message } of messages) this.send(message);
  }

  offerSound(message: Uint8Array): void {
    if (!this.#wanted.sound || !this.isOpen) return;
    this.soundsSent += 1;
    this.send(message);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  cut(): void {
    this.#socket.terminate();
  }

  #take(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      const frame = readPainted(data);
      if (typeof frame === 'string') throw new Error(frame);
      if (!this.sent.includes(frame)) throw new Error(`a receipt for ${frame}, never sent`);
      this.painted.push(frame);
      return;
    }
    const message = MediaWatcherMessage.parse(JSON.parse(data.toString()));
    this.messages.push(message);
    if (message.type === 'media/want') this.#wanted = message;
    else this.needsKey = true;
  }
}
