import { describe, expect } from 'vitest';
import { contractTest as test } from '../support/contract/contract-test.ts';
import type { SrsCaller } from '../support/contract/srs-caller.ts';
import { expectFailure, type SrsTarget } from '../support/contract/srs-target.ts';
import { VanishingPeer } from '../support/contract/vanishing-peer.ts';

/** SRS's own limit for the answer to a hook. */
const HOOK_LIMIT_MS = 30_000;
/** After RFC 7675, with the margin of the media library: it gives a silent peer up after 28 s. */
const ICE_CONSENT_MS = 30_000;
/** How late a busy machine may be. */
const LATE_MS = 4_000;

function vanishingPeer(
  srs: SrsCaller,
  kind: 'publish' | 'play',
  stream: string,
): Promise<VanishingPeer> {
  const endpoint = kind === 'publish' ? 'whip' : 'whep';
  const path = `/rtc/v1/${endpoint}/?app=live&stream=${stream}`;
  return VanishingPeer.connect(kind, `${srs.target.origin}${path}`);
}

const sweepWithin = ({ inactivityMs, sweepMs }: SrsTarget): number =>
  inactivityMs + sweepMs + LATE_MS;

/** srs.md §6: how sessions end without being deleted. These wait for real time, side by side. */
export function describeSessionLife(): void {
  describe('side by side', { concurrent: true }, () => {
    test('[SRS-6] a session that never connects is swept, and told', async ({ srs }) => {
      const { target } = srs;
      const [published, played] = [srs.newStream(), srs.newStream()];
      await srs.opened(srs.whip(published));
      await srs.opened(srs.whep(played));
      const openedAt = performance.now();
      const ends = await Promise.all([
        target.hooks.waitFor(published, 'on_unpublish', sweepWithin(target)),
        target.hooks.waitFor(played, 'on_stop', sweepWithin(target)),
      ]);
      for (const { atMs } of ends) {
        expect(atMs - openedAt).toBeGreaterThan(target.inactivityMs - 1_000);
      }
      expect(await srs.clientsOf(published)).toEqual([]);
      await srs.opened(srs.whip(published));
    });

    test('[WHIP-34] [SRS-15] a publisher and then its viewer vanish: both are swept, and told', async ({
      srs,
    }) => {
      const { target } = srs;
      const stream = srs.newStream();
      const publisher = await vanishingPeer(srs, 'publish', stream);
      const viewer = await vanishingPeer(srs, 'play', stream);
      await Promise.all([publisher.vanish(), viewer.vanish()]);
      const vanishedAt = performance.now();
      const { atMs } = await target.hooks.waitFor(stream, 'on_unpublish', sweepWithin(target));
      expect(atMs - vanishedAt).toBeGreaterThan(target.inactivityMs - 1_500);
      // To a viewer whom nothing is sent, only ICE consent speaks: SRS counts it, the engine
      // learns its end from the library.
      const idleLimitMs = Math.max(ICE_CONSENT_MS + LATE_MS, sweepWithin(target));
      await target.hooks.waitFor(stream, 'on_stop', idleLimitMs);
      expect(await srs.streamEntry(stream)).toBeUndefined();
    });

    test('[WHIP-34] [SRS-15] a viewer that vanishes from a live stream is swept, and told', async ({
      srs,
    }) => {
      const { target } = srs;
      const stream = srs.newStream();
      const publisher = await vanishingPeer(srs, 'publish', stream);
      const viewer = await vanishingPeer(srs, 'play', stream);
      await viewer.vanish();
      const vanishedAt = performance.now();
      const { atMs } = await target.hooks.waitFor(stream, 'on_stop', sweepWithin(target));
      expect(atMs - vanishedAt).toBeGreaterThan(target.inactivityMs - 1_500);
      await publisher.vanish();
    });

    test('[SRS-7.3] a refused publish is told as ended by the sweep where it kept its name', async ({
      srs,
      skip,
    }) => {
      const { target } = srs;
      if (!target.traits.refusedPublishHoldsName) skip('a refusal leaves nothing on this target');
      const stream = srs.newStream();
      target.hooks.answer(stream, 'on_publish', { body: '{"code":1}' });
      expect((await srs.whip(stream)).status).not.toBe(201);
      const refused = await target.hooks.waitFor(stream, 'on_publish');
      const told = await target.hooks.waitFor(stream, 'on_unpublish', sweepWithin(target));
      expect(told.body['client_id']).toBe(refused.body['client_id']);
      target.hooks.answer(stream, 'on_publish', { body: '0' });
      await srs.opened(srs.whip(stream));
    });

    test('[SRS-7.2] a receiver that never answers refuses after 30 s', async ({ srs }) => {
      const { target } = srs;
      const stream = srs.newStream();
      const never = Promise.withResolvers<undefined>();
      target.hooks.answer(stream, 'on_play', { body: '0', after: never.promise });
      const askedAt = performance.now();
      const reply = await srs.whep(stream);
      const waitedMs = performance.now() - askedAt;
      never.resolve(undefined);
      expectFailure(reply, target.traits, 500, /^1011: SocketTimeout$/);
      expect(waitedMs).toBeGreaterThan(HOOK_LIMIT_MS - 1_000);
      expect(waitedMs).toBeLessThan(HOOK_LIMIT_MS + LATE_MS);
    });
  });
}
