import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writePainted } from '../../../gateway/protocol/media/painted.ts';
import { writeSound } from '../../../gateway/protocol/media/sound.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { HostileMedia } from '../../support/media/hostile-media.ts';
import { aStripe } from '../../support/media/a-stripe.ts';

/** Good messages, with bytes of them changed, or cut off. */
const bentMessages = fc
  .tuple(
    fc.constantFrom(
      aStripe(),
      aStripe({ codec: 'h264', isKey: true, isLast: true }),
      Buffer.from(writeSound({ sequence: 1, capturedAtUs: 1, payload: new Uint8Array(20) })),
      Buffer.from(writePainted(7)),
    ),
    fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 3 }),
    fc.option(fc.nat(60)),
  )
  .map(([message, changes, length]) => {
    const bent = Buffer.from(message);
    for (const [at, byte] of changes) if (at < bent.length) bent[at] = byte;
    return length === null ? bent : bent.subarray(0, length);
  });

const texts = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .record({
      type: fc.constantFrom(
        'media/want',
        'media/key',
        'media/figures',
        'media/welcome',
        '__proto__',
      ),
      picture: fc.oneof(fc.boolean(), fc.constant(1)),
      sound: fc.boolean(),
      frames: fc.oneof(fc.nat(), fc.constant(-1), fc.constant(1e308)),
    })
    .map((message) => JSON.stringify(message)),
);

const messages = fc.array(fc.oneof(bentMessages, texts, fc.uint8Array({ maxLength: 60 })), {
  minLength: 1,
  maxLength: 6,
});

/** Goodbyes of the protocol; 1000 is our own. */
const CODES = [1000, 1003, 1007, 1008, 1009, 4429];

describe('[MEDIA-139] whatever is sent on a media socket', () => {
  test.each(['publisher', 'viewer'] as const)('by a %s ends that socket at most', async (side) => {
    const stage = await HostileMedia.open();
    await fc.assert(
      fc.asyncProperty(messages, async (all) => {
        const client = side === 'viewer' ? await stage.aViewer() : await stage.aPublisher('fuzz');
        for (const message of all) client.socket.send(message);
        client.socket.close(1000);
        const { code } = await client.end();
        // 1005: the goodbye had no code; none of these is ours.
        expect(CODES).toContain(code);
      }),
      runs(60),
    );
    await stage.goesOn();
    await stage.isClean();
  });
});
