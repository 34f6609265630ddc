import { randomBytes } from 'node:crypto';

const MAX_COUNT = 0xfff;

/**
 * Makes UUIDs of version 7 (RFC 9562 §5.7) of which each is greater than the one before, also within
 * one millisecond and when the clock goes back.
 */
export function eventIds(now: () => number): () => string {
  let time = 0;
  let count = 0;
  return () => {
    const at = now();
    if (at > time) {
      time = at;
      count = 0;
    } else if (count < MAX_COUNT) count += 1;
    else {
      time += 1;
      count = 0;
    }
    const random = randomBytes(8);
    random[0] = ((random[0] ?? 0) & 0x3f) | 0x80;
    const ms = time.toString(16).padStart(12, '0');
    const tail = random.toString('hex');
    const version = `7${count.toString(16).padStart(3, '0')}`;
    return `${ms.slice(0, 8)}-${ms.slice(8)}-${version}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}
