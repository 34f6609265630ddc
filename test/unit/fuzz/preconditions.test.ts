import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requireMatch } from '../../../gateway/http/preconditions.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { refusalOf } from '../../support/sdp/refusal.ts';

const ETAG = '"0123456789abcdef"';

/** RFC 9110 §8.8.3, strong or weak, never the session's own. */
const otherTags = fc
  .tuple(fc.constantFrom('', 'W/'), fc.stringMatching(/^[!#-+\--~]{0,20}$/))
  .map(([weak, opaque]) => `${weak}"${opaque}"`)
  .filter((tag) => tag !== ETAG && tag !== '"*"');

const blanks = fc.constantFrom('', ' ', '\t', '  ');

const lists = (tags: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> =>
  fc.tuple(tags, blanks, blanks).map(([all, before, after]) => all.join(`${before},${after}`));

describe('If-Match', () => {
  test('[HOSTILE-31] [WHIP-48] holds when one tag of the list is the session’s', () => {
    const withOwn = fc
      .tuple(fc.array(otherTags, { maxLength: 10 }), fc.nat(10))
      .map(([others, at]) => others.toSpliced(at % (others.length + 1), 0, ETAG));
    fc.assert(
      fc.property(lists(withOwn), (value) => {
        expect(refusalOf(() => requireMatch(value, ETAG))).toBe('accepted');
      }),
      runs(300),
    );
  });

  test('[HOSTILE-31] [WHIP-48] fails when none is', () => {
    const strangers = fc.array(otherTags, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lists(strangers), (value) => {
        expect(refusalOf(() => requireMatch(value, ETAG))).toBe('precondition-failed');
      }),
      runs(300),
    );
  });

  test('[HOSTILE-31] is held or refused, whatever it is', () => {
    const bent = fc.oneof(
      fc.string({ maxLength: 2000 }),
      fc.string({ maxLength: 20 }).map((text) => ETAG.slice(0, -1) + text),
      fc.string({ maxLength: 20 }).map((text) => `W/${ETAG}${text}`),
      fc.nat(5000).map((count) => `${'"a",'.repeat(count)}${ETAG}`),
    );
    fc.assert(
      fc.property(bent, (value) => {
        const outcome = refusalOf(() => requireMatch(value, ETAG));
        const holds = value.split(',').some((tag) => [ETAG, '*', '"*"'].includes(tag.trim()));
        if (!holds) expect(outcome).toBe('precondition-failed');
      }),
      runs(500),
    );
  });
});
