import { describe, expect, test } from 'vitest';
import { writePainted } from '../../../gateway/protocol/media/painted.ts';
import { writeSound } from '../../../gateway/protocol/media/sound.ts';
import { aMediaViewer } from '../../support/gateway/media-socket.ts';
import { HostileMedia } from '../../support/media/hostile-media.ts';
import { aStripe } from '../../support/media/a-stripe.ts';

/** A good stripe with other bytes in its header. */
function bent(changes: Readonly<Record<number, number>>): Buffer {
  const stripe = aStripe({ codec: 'h264', isKey: true });
  for (const [at, byte] of Object.entries(changes)) stripe[Number(at)] = byte;
  return stripe;
}

type Case = readonly [what: string, message: Uint8Array | string, code: number, sentence: string];
const json = (message: object): string => JSON.stringify(message);
const aSound = writeSound({ sequence: 1, capturedAtUs: 1, payload: new Uint8Array([1]) });
const someFigures = { frames: 1, stripes: 1, unchanged: 0, encodeMs: 1, encodeMaxMs: 1 };

const OF_PUBLISHERS: readonly Case[] = [
  ['nothing', new Uint8Array(), 1008, 'A binary message is empty.'],
  ['version 2', bent({ 0: 0x21 }), 1008, 'Binary messages of version 2 are not known here, 1 is.'],
  ['kind 7', bent({ 0: 0x17 }), 1008, 'A binary message of kind 7 is not known here.'],
  ['JSON as binary', Buffer.from('{}'), 1008, 'Binary messages of version 7 are not known here'],
  ['a header alone', bent({}).subarray(0, 24), 1008, 'A stripe has no content.'],
  ['half a header', bent({}).subarray(0, 9), 1008, 'A stripe has no content.'],
  ['an unknown codec', bent({ 15: 9 }), 1008, 'A stripe has an unknown codec.'],
  ['unknown flags', bent({ 1: 0x81 }), 1008, 'A stripe has unknown flags.'],
  ['a JPEG delta', bent({ 1: 0, 15: 1 }), 1008, 'A JPEG stripe is no key.'],
  ['no width', bent({ 6: 0, 7: 0 }), 1008, 'A stripe is of a picture of an impossible size.'],
  ['a huge picture', bent({ 8: 255 }), 1008, 'A stripe is of a picture of an impossible size.'],
  ['a row outside', bent({ 10: 0, 11: 100 }), 1008, 'A stripe lies outside of its picture.'],
  ['an empty row', bent({ 12: 0, 13: 0 }), 1008, 'A stripe lies outside of its picture.'],
  ['a time in the far future', bent({ 16: 255 }), 1008, 'A stripe has an impossible time.'],
  ['a delta first', bent({ 1: 2 }), 1008, 'A row begins without a key.'],
  ['an empty sound', aSound.subarray(0, 14), 1008, 'A sound packet has no content.'],
  [
    ...(['a sound of 70 KB', Buffer.concat([aSound, Buffer.alloc(70_000)])] as const),
    ...([1008, 'A sound packet is too large.'] as const),
  ],
  ['a receipt', writePainted(1), 1008, 'Receipts come from viewers.'],
  ['more than 2 MiB', Buffer.alloc(2 * 1024 * 1024 + 1, 0x11), 1009, ''],
  ['no JSON', 'stripe', 1008, 'The message is not JSON.'],
  ['a binary message as text', '\u0011\u0000', 1008, 'The message is not JSON.'],
  ['an unknown type', json({ type: 'media/tomorrow' }), 1008, 'type:'],
  ['a wish of viewers', json({ type: 'media/key' }), 1008, 'type:'],
  [
    ...(['an unknown member', json({ type: 'media/figures', ...someFigures, more: 1 })] as const),
    ...([1008, 'message: Unrecognized key'] as const),
  ],
  [
    ...(['figures below 0', json({ type: 'media/figures', ...someFigures, frames: -1 })] as const),
    ...([1008, 'frames:'] as const),
  ],
];

const OF_VIEWERS: readonly Case[] = [
  ['nothing', new Uint8Array(), 1008, 'A binary message is empty.'],
  ['a stripe', aStripe(), 1008, 'Viewers send receipts only.'],
  ['a sound', aSound, 1008, 'Viewers send receipts only.'],
  ['version 2', Buffer.from([0x23, 0, 0, 0, 0, 1]), 1008, 'Binary messages of version 2'],
  ['half a receipt', writePainted(1).subarray(0, 5), 1008, 'A receipt has six bytes.'],
  ['a long receipt', Buffer.alloc(7, 0x13), 1008, 'A receipt has six bytes.'],
  ['unknown flags', Buffer.from([0x13, 1, 0, 0, 0, 1]), 1008, 'A receipt has unknown flags.'],
  [
    ...(['a receipt for the future', writePainted(4_000_000_000)] as const),
    ...([1008, 'A receipt is for a picture that was not sent.'] as const),
  ],
  ['more than 1 KiB', Buffer.alloc(1025, 0x13), 1009, ''],
  ['no JSON', 'want', 1008, 'The message is not JSON.'],
  ['a receipt as text', '\u0013', 1008, 'The message is not JSON.'],
  ['figures of publishers', json({ type: 'media/figures', ...someFigures }), 1008, 'type:'],
  ['half a wish', json({ type: 'media/want', picture: true }), 1008, 'sound:'],
  [
    ...(['a wish of another shape', json({ type: 'media/want', picture: 1, sound: 0 })] as const),
    ...([1008, 'picture:'] as const),
  ],
  [
    ...(['an unknown member', json({ type: 'media/key', __proto__: null, row: 3 })] as const),
    ...([1008, 'message: Unrecognized key'] as const),
  ],
];

describe('messages that break the protocol of media', () => {
  test('[MEDIA-131] of a publisher end its socket with a sentence, and nothing else', async () => {
    const stage = await HostileMedia.open();
    for (const [what, message, code, sentence] of OF_PUBLISHERS) {
      const publisher = await stage.aPublisher('bad');
      publisher.socket.send(message);
      const closed = await publisher.end();
      expect(closed.code, what).toBe(code);
      expect(closed.reason, what).toContain(sentence);
    }
    await stage.goesOn();
    await stage.isClean();
  });

  test('[MEDIA-132] of a viewer end its socket with a sentence, and nothing else', async () => {
    const stage = await HostileMedia.open();
    for (const [what, message, code, sentence] of OF_VIEWERS) {
      const viewer = await stage.aViewer();
      viewer.socket.send(message);
      const closed = await viewer.end();
      expect(closed.code, what).toBe(code);
      expect(closed.reason, what).toContain(sentence);
    }
    await stage.goesOn();
    await stage.isClean();
  });

  test.each([
    ['a row that comes twice', [{}, {}], 'A row comes twice in a picture.'],
    ['a picture from before', [{ frame: 9, isLast: true }, { frame: 8 }], 'after a later one'],
    ['another layout within', [{}, { layout: 2, y: 64 }], 'A layout changes within a picture.'],
    ['another size within', [{}, { width: 512, y: 64 }], 'another codec or size'],
    ['another height of a row', [{ isLast: true }, { frame: 1, rows: 32 }], 'another height'],
    [
      '65 rows',
      Array.from({ length: 65 }, (_, y) => ({ y, rows: 1 })),
      'A picture has more than 64 rows.',
    ],
    [
      'a picture of 10 MB',
      Array.from({ length: 5 }, (_, y) => ({ y, rows: 1, bytes: 2e6 })),
      'too large',
    ],
  ] as const)(
    '[MEDIA-133] %s ends the publisher, its viewers stay',
    async (_, stripes, sentence) => {
      const stage = await HostileMedia.open();
      const publisher = await stage.aPublisher('bad');
      const viewer = await watch(stage, 'bad');
      await viewer.hearsSuch('media/state', ({ publishing }) => publishing === true);
      for (const stripe of stripes) publisher.socket.send(aStripe({ height: 256, ...stripe }));
      const closed = await publisher.end();
      expect(closed).toMatchObject({ code: 1008 });
      expect(closed.reason).toContain(sentence);
      await viewer.hearsSuch('media/state', ({ publishing }) => publishing === false);

      const next = await stage.aPublisher('bad');
      next.socket.send(aStripe({ frame: 500, y: 0, rows: 128, isLast: true }));
      await viewer.sees(500);
      expect(viewer.closed).toBeNull();
      await stage.goesOn();
    },
  );
});

const watch = (stage: HostileMedia, source: string) => aMediaViewer(stage.gateway.url, { source });
