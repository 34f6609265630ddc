import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import { readOffer } from '../../../gateway/sdp/offer.ts';
import { toUpstreamOffer } from '../../../gateway/sdp/upstream-offer.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { sdpNoise } from '../../support/fuzz/sdp-noise.ts';
import { editText, textEdits, wordEdits } from '../../support/fuzz/text-edit.ts';
import { unlessRefused } from '../../support/sdp/refusal.ts';
import { validOffers, type OfferKind } from '../../support/fuzz/valid-offer.ts';
import { ALL_OFFERS } from '../../support/sdp/descriptions.ts';
import { ENGINE, SRS } from '../../support/sdp/nodes.ts';
import { violations } from '../../support/sdp/strict-grammar.ts';

const NODES = [SRS, ENGINE];
const kinds = fc.constantFrom<OfferKind>('publish', 'watch');
const nodes = fc.constantFrom(...NODES);
const anyValidOffer = fc.oneof(validOffers('publish'), validOffers('watch'));

/** What a node is sent for an offer; undefined when the client is refused. */
function forward(text: string, kind: OfferKind, node = ENGINE): string | undefined {
  return unlessRefused(() => toUpstreamOffer(readOffer(text, kind), node).sdp);
}

describe('a valid offer', () => {
  test('[HOSTILE-01] goes up in known lines, with its mids, in its order', () => {
    fc.assert(
      fc.property(anyValidOffer, nodes, ({ sdp, kind, media }, node) => {
        const sent = toUpstreamOffer(readOffer(sdp, kind), node).sdp;
        expect(violations(sent)).toEqual([]);
        expect(parse(sent).media.map(({ type, mid }) => `${type} ${String(mid)}`)).toEqual(
          media.filter((each) => !each.startsWith('application ')),
        );
      }),
      runs(300),
    );
  });

  test('[HOSTILE-03] is rewritten to something that is read as the same offer', () => {
    fc.assert(
      fc.property(anyValidOffer, ({ sdp, kind }) => {
        const sent = toUpstreamOffer(readOffer(sdp, kind), ENGINE).sdp;
        expect(forward(sent, kind)).toBe(sent);
      }),
      runs(200),
    );
  });
});

describe('whatever a client sends, a node gets known lines or nothing', () => {
  test('[HOSTILE-01] line noise', () => {
    fc.assert(
      fc.property(fc.array(sdpNoise, { maxLength: 60 }), kinds, (lines, kind) => {
        const sent = forward(['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', ...lines].join('\r\n'), kind);
        expect(sent === undefined ? [] : violations(sent)).toEqual([]);
      }),
      runs(500),
    );
  });

  test('[HOSTILE-01] offers of real clients, changed by characters, lines and sections', () => {
    let forwarded = 0;
    const { numRuns } = runs(1000);
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL_OFFERS),
        textEdits(sdpNoise),
        nodes,
        ({ kind, sdp }, edits, node) => {
          const sent = forward(editText(sdp, edits), kind, node);
          if (sent !== undefined) forwarded += 1;
          expect(sent === undefined ? [] : violations(sent)).toEqual([]);
        },
      ),
      { numRuns },
    );
    expect(forwarded).toBeGreaterThan(numRuns / 20);
  });

  test('[HOSTILE-01] offers of real clients with a word or two replaced', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL_OFFERS), wordEdits, ({ kind, sdp }, edits) => {
        const sent = forward(editText(sdp, edits), kind);
        expect(sent === undefined ? [] : violations(sent)).toEqual([]);
      }),
      runs(3000),
    );
  });

  test('[HOSTILE-03] what goes up of a changed offer is read again as the same offer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL_OFFERS), textEdits(sdpNoise), ({ kind, sdp }, edits) => {
        const sent = forward(editText(sdp, edits), kind);
        if (sent !== undefined) expect(forward(sent, kind)).toBe(sent);
      }),
      runs(500),
    );
  });

  test('[HOSTILE-04] arbitrary text is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), kinds, (text, kind) => {
        expect(forward(text, kind)).toBeUndefined();
      }),
      runs(500),
    );
  });
});
