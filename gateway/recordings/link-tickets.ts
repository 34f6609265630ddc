import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RecordingId } from '../protocol/api/recordings.ts';

/** Signs who may read a recording's media without a token, and until when. */
export class LinkTickets {
  readonly #key: Buffer;
  readonly #now: () => number;

  constructor(secret: string, now: () => number) {
    this.#key = createHmac('sha256', secret).update('recording links').digest();
    this.#now = now;
  }

  /** `expiresAt` in epoch milliseconds. */
  issue(id: RecordingId, expiresAt: number): string {
    return this.#write(id, Math.floor(expiresAt / 1000).toString(36));
  }

  isValid(ticket: string, id: RecordingId): boolean {
    const until = /^([0-9a-z]{1,10})\./.exec(ticket)?.[1];
    if (until === undefined) return false;
    // As text: several of them are the same bytes.
    const [ours, theirs] = [Buffer.from(this.#write(id, until)), Buffer.from(ticket)];
    const genuine = theirs.length === ours.length && timingSafeEqual(theirs, ours);
    return genuine && Number.parseInt(until, 36) * 1000 > this.#now();
  }

  #write(id: RecordingId, until: string): string {
    const signature = createHmac('sha256', this.#key).update(`${id}.${until}`).digest('base64url');
    return `${until}.${signature}`;
  }
}
