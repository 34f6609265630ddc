/** One event of a stream. */
export interface SseEvent {
  readonly id: string | null;
  readonly type: string;
  readonly data: string;
}

/** Cuts the text of an event stream into events (HTML §9.2), whatever pieces it comes in. */
export class SseReader {
  #rest = '';
  #id: string | null = null;
  #type = '';
  #data: string[] = [];

  /** The events that `text` completes. */
  read(text: string): readonly SseEvent[] {
    const lines = `${this.#rest}${text}`.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#readLine(line));
  }

  #readLine(line: string): readonly SseEvent[] {
    if (line === '') return this.#finish();
    const colon = line.indexOf(':');
    if (colon === 0) return [];
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    return [];
  }

  #finish(): readonly SseEvent[] {
    const data = this.#data.join('\n');
    const isEmpty = this.#data.length === 0;
    const type = this.#type === '' ? 'message' : this.#type;
    this.#data = [];
    this.#type = '';
    return isEmpty ? [] : [{ id: this.#id, type, data }];
  }
}
