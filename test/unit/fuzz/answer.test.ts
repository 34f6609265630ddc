import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { describe, expect, test } from 'vitest';
import { repairAnswer } from '../../../gateway/sdp/answer.ts';
import { readOffer, type Offer } from '../../../gateway/sdp/offer.ts';
import { toUpstreamOffer } from '../../../gateway/sdp/upstream-offer.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { sdpNoise } from '../../support/fuzz/sdp-noise.ts';
import { editText, textEdits } from '../../support/fuzz/text-edit.ts';
import { validOffers } from '../../support/fuzz/valid-offer.ts';
import { srsAnswer } from '../../support/gateway/srs-answer.ts';
import { aNodeAnswer, anOffer } from '../../support/sdp/descriptions.ts';
import { ENGINE } from '../../support/sdp/nodes.ts';
import { unlessRefused } from '../../support/sdp/refusal.ts';
import { answerViolations } from '../../support/sdp/strict-grammar.ts';

const repair = (answer: string, offer: Offer): string | undefined =>
  unlessRefused(() => repairAnswer(answer, offer, { mediaStreamId: 'x' }).sdp);

const mediaOf = (sdp: string): readonly string[] =>
  parse(sdp).media.map(({ type, mid }) => `${type} ${String(mid)}`);

const EXCHANGES = [
  { offer: 'mediamtx-watch', answer: 'srs6-watch' },
  { offer: 'chromium-watch', answer: 'srs6-watch' },
  { offer: 'chromium-watch', answer: 'srs6-watch-video-only' },
  { offer: 'chromium-publish', answer: 'srs6-publish' },
].map(({ offer, answer }) => ({
  name: `${offer} answered ${answer}`,
  offer: readOffer(anOffer(offer), offer.includes('publish') ? 'publish' : 'watch'),
  media: mediaOf(anOffer(offer)),
  answer: aNodeAnswer(answer),
}));

describe('a client gets its own m-lines or a refusal', () => {
  test('[HOSTILE-34] a node answers a valid offer', () => {
    fc.assert(
      fc.property(
        fc.oneof(validOffers('publish'), validOffers('watch')),
        ({ sdp, kind, media }) => {
          const offer = readOffer(sdp, kind);
          const upstream = toUpstreamOffer(offer, ENGINE).sdp;
          const answer = repair(
            srsAnswer(upstream, { publishes: kind === 'publish', ufrag: 'node' }),
            offer,
          );
          expect(answer === undefined ? ['refused'] : answerViolations(answer)).toEqual([]);
          expect(mediaOf(answer ?? '')).toEqual(media);
        },
      ),
      runs(300),
    );
  });

  test('[HOSTILE-34] answers of a real node, changed by characters, lines and sections', () => {
    let repaired = 0;
    const { numRuns } = runs(1000);
    fc.assert(
      fc.property(
        fc.constantFrom(...EXCHANGES),
        textEdits(sdpNoise),
        ({ offer, media, answer }, edits) => {
          const sdp = repair(editText(answer, edits), offer);
          if (sdp === undefined) return;
          repaired += 1;
          expect(answerViolations(sdp)).toEqual([]);
          expect(mediaOf(sdp)).toEqual(media);
        },
      ),
      { numRuns },
    );
    expect(repaired).toBeGreaterThan(numRuns / 20);
  });

  test('[HOSTILE-33] an answer that is no SDP', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...EXCHANGES),
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 500 }),
          fc.array(sdpNoise, { maxLength: 60 }).map((lines) => ['v=0', ...lines].join('\r\n')),
        ),
        ({ offer }, answer) => {
          expect(repair(answer, offer)).toBeUndefined();
        },
      ),
      runs(500),
    );
  });
});
