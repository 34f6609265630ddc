import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import { repairAnswer } from '../../../gateway/sdp/answer.ts';
import { readFragment } from '../../../gateway/sdp/fragment.ts';
import { readOffer } from '../../../gateway/sdp/offer.ts';
import { toUpstreamOffer } from '../../../gateway/sdp/upstream-offer.ts';
import { OFFER_NAMES, aNodeAnswer, anOffer, kindOf } from '../../support/sdp/descriptions.ts';
import { ENGINE } from '../../support/sdp/nodes.ts';
import { violations } from '../../support/sdp/strict-grammar.ts';

const RUNS = { numRuns: 1000 };

/** Undefined when `act` throws a GatewayError; every other error fails the test. */
function unlessRefused<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 60 }).map((text) => `a=${text}`),
  fc.constantFrom(
    ...[
      'a=rtcp-fb:96',
      'a=ssrc:1 cname',
      'a=ssrc-group:FID',
      'a=ssrc-group:FID 1',
      'a=fmtp:111 ;;=;',
    ],
    ...[
      'a=mid:0',
      'a=mid:x y',
      'a=group:BUNDLE',
      'a=bundle-only',
      'a=extmap:3 urn:x',
      'a=inactive',
    ],
    ...[
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'm=audio 9 RTP/AVP 0',
      'm=text 9 UDP/TLS/RTP/SAVPF 98',
      'y=1',
    ],
    ...[
      'a=rtpmap:96 H264/90000',
      'a=rtcp-fb:* nack',
      'a=ssrc:0 cname:x',
      'a=rid:q send',
      'a=setup:active',
    ],
  ),
);

type Edit = readonly [at: number, what: 'drop' | 'double' | 'swap' | 'noise' | 'cut', line: string];

const edits = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom('drop', 'double', 'swap', 'noise', 'cut'), noise),
  { minLength: 1, maxLength: 8 },
);

function mutate(text: string, changes: readonly Edit[]): string {
  const lines = text.split('\r\n');
  for (const [position, what, line] of changes) {
    const at = position % lines.length;
    const here = lines[at] ?? '';
    if (what === 'drop') lines.splice(at, 1);
    if (what === 'double') lines.splice(at, 0, here);
    if (what === 'swap') lines.splice(at, 2, lines[at + 1] ?? '', here);
    if (what === 'noise') lines.splice(at, 0, line);
    if (what === 'cut') lines.splice(at, 1, here.slice(0, position % 17));
  }
  return lines.join('\r\n');
}

function forward(text: string, kind: 'publish' | 'watch'): string | undefined {
  return unlessRefused(() => toUpstreamOffer(readOffer(text, kind), ENGINE).sdp);
}

const kinds = fc.constantFrom('publish' as const, 'watch' as const);

describe('[D9] whatever a client sends, a node gets known lines or nothing', () => {
  test('line noise', () => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 60 }), kinds, (lines, kind) => {
        const sent = forward(['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', ...lines].join('\r\n'), kind);
        expect(sent === undefined ? [] : violations(sent)).toEqual([]);
      }),
      RUNS,
    );
  });

  test('mutated offers of real clients', () => {
    let forwarded = 0;
    fc.assert(
      fc.property(fc.constantFrom(...OFFER_NAMES), edits, (name, changes) => {
        const sent = forward(mutate(anOffer(name), changes), kindOf(name));
        if (sent !== undefined) forwarded += 1;
        expect(sent === undefined ? [] : violations(sent)).toEqual([]);
      }),
      RUNS,
    );
    expect(forwarded).toBeGreaterThan(RUNS.numRuns / 10);
  });

  test('what goes up is read again as the same offer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OFFER_NAMES), edits, (name, changes) => {
        const sent = forward(mutate(anOffer(name), changes), kindOf(name));
        if (sent !== undefined) expect(forward(sent, kindOf(name))).toBe(sent);
      }),
      RUNS,
    );
  });

  test('arbitrary text is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), kinds, (text, kind) => {
        expect(forward(text, kind)).toBeUndefined();
      }),
      RUNS,
    );
  });
});

describe('[D10] whatever a node answers, a client gets its own m-lines or a refusal', () => {
  const watch = readOffer(anOffer('mediamtx-watch'), 'watch');

  test('mutated answers', () => {
    let repaired = 0;
    fc.assert(
      fc.property(edits, (changes) => {
        const text = mutate(aNodeAnswer('srs6-watch'), changes);
        const answer = unlessRefused(() => repairAnswer(text, watch, { mediaStreamId: 'x' }));
        if (answer === undefined) return;
        repaired += 1;
        const media = parse(answer.sdp).media;
        expect(media.map(({ type, mid }) => `${type} ${String(mid)}`)).toEqual([
          'audio 0',
          'video 1',
          'application 2',
        ]);
        expect(answer.sdp).not.toMatch(/SRS|WMS|undefined|NaN/);
      }),
      RUNS,
    );
    expect(repaired).toBeGreaterThan(RUNS.numRuns / 10);
  });
});

test('[WHIP-42] whatever a fragment holds, it is read or refused', () => {
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 40 }), (lines) => {
      unlessRefused(() => readFragment(lines.join('\r\n')));
    }),
    RUNS,
  );
});
