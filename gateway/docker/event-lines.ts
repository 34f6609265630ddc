import { StringDecoder } from 'node:string_decoder';

/** An event has some 2 KB. */
const MAX_LINE = 256 * 1024;

/** Cuts what an engine tells into values of JSON, one on each line. */
export class EventLines {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The values that these bytes complete. @throws RangeError when they are no such lines */
  read(bytes: Buffer): unknown[] {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE) throw new RangeError('This is no event of Docker’s.');
    return lines.filter((line) => line.trim() !== '').map(parsed);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    throw new RangeError('This is no event of Docker’s.', { cause: error });
  }
}
