import { describe, expect, test } from 'vitest';
import { repairAnswer } from '../../../gateway/sdp/answer.ts';
import { readFragment } from '../../../gateway/sdp/fragment.ts';
import { readOffer } from '../../../gateway/sdp/offer.ts';
import { toUpstreamOffer } from '../../../gateway/sdp/upstream-offer.ts';
import { countOperations } from '../../support/fuzz/operations.ts';
import { aNodeAnswer, anOffer, append } from '../../support/sdp/descriptions.ts';
import { ENGINE } from '../../support/sdp/nodes.ts';
import { unlessRefused } from '../../support/sdp/refusal.ts';

const watch = readOffer(anOffer('chromium-watch'), 'watch');

const READERS = {
  offer: (lines: readonly string[]) => {
    const sdp = append(anOffer('chromium-publish'), ...lines);
    unlessRefused(() => toUpstreamOffer(readOffer(sdp, 'publish'), ENGINE));
  },
  answer: (lines: readonly string[]) => {
    const sdp = append(aNodeAnswer('srs6-watch'), ...lines);
    unlessRefused(() => repairAnswer(sdp, watch, { mediaStreamId: 'x' }));
  },
  fragment: (lines: readonly string[]) => {
    unlessRefused(() => readFragment(append('', ...lines)));
  },
};

/** What grows with `size`, within the caps on lines and characters. */
const GROWING: Readonly<Record<string, (size: number) => readonly string[]>> = {
  'unknown attributes': (size) => Array.from({ length: size }, (_, index) => `a=x${index}:y`),
  'one attribute again and again': (size) => Array<string>(size).fill('a=x'),
  candidates: (size) =>
    Array.from({ length: size }, (_, i) => `a=candidate:1 1 udp 1 192.0.2.${i} 9 typ host`),
  'feedback lines': (size) => Array.from({ length: size }, (_, i) => `a=rtcp-fb:96 x${i}`),
  'fmtp lines': (size) => Array.from({ length: size }, (_, i) => `a=fmtp:${i} apt=${i}`),
  'extension lines': (size) => Array.from({ length: size }, (_, i) => `a=extmap:${i} urn:x`),
  'groups of SSRCs': (size) => Array.from({ length: size }, (_, i) => `a=ssrc-group:FID 1 ${i}`),
  semicolons: (size) => [`a=fmtp:96 ${';'.repeat(4 * size)}`],
  'pairs in one fmtp': (size) => [
    `a=fmtp:96 ${Array.from({ length: size / 2 }, (_, i) => `a${i}=b`).join(';')}`,
  ],
};

const SIZE = 300;

/** Blocks of code for each line, with room to spare; a loop in a loop takes some 150. */
const BLOCKS_PER_LINE = 30;

describe.each(Object.entries(READERS))('an %s', (_, read) => {
  test.each(Object.entries(GROWING))(
    '[HOSTILE-41] with %s costs the same for each',
    (_name, lines) => {
      const sent = lines(SIZE);
      const work = countOperations(() => read(sent));
      expect(work).toBeGreaterThan(0);
      expect(work).toBeLessThan(BLOCKS_PER_LINE * SIZE);
    },
  );
});
