import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from './engine.ts';

/** Of a line; the rest of it is left out. */
const MAX_CHARS = 4_000;
const HEADER = 8;
/** Docker cuts at 16 KiB; more is no frame of its. */
const MAX_FRAME = 1024 * 1024;
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s;

type Stream = LogLine['stream'];

/** Cuts what an engine sends of a log into lines: frames of eight bytes and more, or a terminal's text. */
export class LogFrames {
  readonly #isFramed: boolean;
  readonly #streams: Readonly<Record<Stream, LineCutter>> = {
    out: new LineCutter('out'),
    err: new LineCutter('err'),
  };
  #waiting: Buffer = Buffer.alloc(0);

  constructor({ hasTerminal }: { readonly hasTerminal: boolean }) {
    this.#isFramed = !hasTerminal;
  }

  /** The lines that these bytes complete. @throws RangeError when they are no frames */
  read(bytes: Buffer): LogLine[] {
    if (!this.#isFramed) return this.#streams.out.read(bytes);
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    const lines: LogLine[] = [];
    while (this.#waiting.length >= HEADER) {
      const kind = this.#waiting.readUInt8(0);
      const length = this.#waiting.readUInt32BE(4);
      if (kind > 2 || length > MAX_FRAME) throw new RangeError('This is no log of Docker’s.');
      if (this.#waiting.length < HEADER + length) break;
      const payload = this.#waiting.subarray(HEADER, HEADER + length);
      lines.push(...this.#streams[kind === 2 ? 'err' : 'out'].read(payload));
      this.#waiting = this.#waiting.subarray(HEADER + length);
    }
    return lines;
  }

  /** What is left at the end without a line's end. */
  end(): LogLine[] {
    return [...this.#streams.out.end(), ...this.#streams.err.end()];
  }
}

class LineCutter {
  readonly #stream: Stream;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  /** The line is longer than what is kept of it. */
  #isCut = false;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  read(bytes: Buffer): LogLine[] {
    const parts = this.#decoder.write(bytes).split('\n');
    const lines: LogLine[] = [];
    parts.forEach((part, index) => {
      this.#add(part);
      if (index < parts.length - 1) lines.push(this.#take());
    });
    return lines;
  }

  end(): LogLine[] {
    return this.#rest === '' ? [] : [this.#take()];
  }

  #add(text: string): void {
    const room = MAX_CHARS - this.#rest.length;
    if (text.length > room) this.#isCut = true;
    this.#rest += text.slice(0, Math.max(0, room));
  }

  #take(): LogLine {
    const [, stamp, body = this.#rest] = STAMP.exec(this.#rest) ?? [];
    const at = stamp === undefined ? null : Date.parse(stamp);
    const text = clean(body) + (this.#isCut ? '…' : '');
    this.#rest = '';
    this.#isCut = false;
    return { at, stream: this.#stream, text };
  }
}

/** Without colours, and without what would steer a terminal or turn the direction of a text. */
const clean = (text: string): string =>
  text
    .replace(/\r$/, '')
    // eslint-disable-next-line no-control-regex -- colours
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/[^\P{C}\t]|[\p{Zl}\p{Zp}]/gu, '·');
