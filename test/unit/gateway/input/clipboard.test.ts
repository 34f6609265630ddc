import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import type { ClipboardPart } from '../../../../gateway/protocol/clipboard.ts';
import {
  CLIPBOARD_IMAGE_BYTES,
  CLIPBOARD_TEXT_BYTES,
} from '../../../../gateway/protocol/control-terms.ts';
import type { HostCommand } from '../../../../gateway/protocol/host.ts';
import type { ViewerEvent } from '../../../../gateway/protocol/viewer.ts';
import {
  aKeyFrame,
  InputStand,
  partsOf,
  type FakeInputViewer,
} from '../../../support/gateway/an-input-desk.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Anna holds everything. */
function aStand(given: ConstructorParameters<typeof InputStand>[0] = {}) {
  const stand = new InputStand(given);
  const [anna, ben] = [stand.viewer('anna'), stand.viewer('ben')];
  stand.grant('anna', 7);
  const say = (part: ClipboardPart, viewer: FakeInputViewer = anna) =>
    stand.desk.hear(viewer, part, 0);
  /** Until nothing waits any more: host and viewers read all they are sent. */
  const drain = (): void => {
    for (let turn = 0; turn < 1_000; turn += 1) {
      for (const reader of [stand.channel, anna, ben]) reader.read();
      vi.advanceTimersByTime(20);
    }
  };
  return { stand, anna, ben, say, drain };
}

const contentOf = (messages: readonly (HostCommand | ViewerEvent)[]): Buffer =>
  Buffer.concat(
    messages.flatMap((each) =>
      each.type === 'clipboard/part' ? [Buffer.from(each.data, 'base64')] : [],
    ),
  );

const TEXT = Buffer.from('häß 漢字 '.repeat(10_000));

describe('a clipboard on its way to the host', () => {
  test('[CLIP-01] arrives as it was, and the host’s answer goes back', () => {
    const { stand, anna, say, drain } = aStand();
    for (const part of partsOf(TEXT)) say(part);
    drain();
    expect(contentOf(stand.channel.told).equals(TEXT)).toBe(true);
    stand.desk.hearHost({ type: 'clipboard/taken', id: 1 }, stand.host);
    expect(anna.told).toEqual([{ type: 'clipboard/taken', id: 1 }]);
    expect(stand.contents).toEqual(['passed']);
    expect(stand.backlog.bytes).toBe(0);
  });

  test('[CLIP-02] goes part by part as the host reads, and no faster than 2 MiB a second', () => {
    const { stand, say } = aStand();
    const parts = partsOf(Buffer.alloc(CLIPBOARD_IMAGE_BYTES, 1), { kind: 'image/png' });
    for (const part of parts) say(part);
    vi.advanceTimersByTime(60_000);
    expect(stand.channel.count('clipboard/part')).toBe(1);
    stand.channel.read();
    expect(stand.channel.count('clipboard/part')).toBe(2);
    const startedAt = performance.now();
    while (stand.channel.count('clipboard/part') < parts.length) {
      stand.channel.read();
      vi.advanceTimersByTime(1);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    expect(seconds).toBeGreaterThan(3.9);
    expect(stand.backlog.bytes).toBe(0);
  });

  test('[CLIP-03] a key passes it at once, whatever waits', () => {
    const { stand, anna, say } = aStand();
    const parts = partsOf(Buffer.alloc(CLIPBOARD_IMAGE_BYTES, 1), { kind: 'image/png' });
    for (const part of parts) say(part);
    stand.desk.hear(anna, aKeyFrame({ epoch: 7 }), 0);
    expect(stand.channel.types()).toEqual(['clipboard/part', 'input/frame']);
  });

  const [first, second, third] = partsOf(Buffer.alloc(70_000, 65));
  const whole = { bytes: 5, data: Buffer.from('hello').toString('base64') };
  test.each([
    ['that begins in the middle', [second], 'malformed'],
    ['with a gap', [first, third], 'malformed'],
    ['with a part twice', [first, first], 'malformed'],
    ['that changes its size', [first, { ...second, bytes: 80_000 }], 'malformed'],
    ['that changes its kind', [first, { ...second, kind: 'image/png' }], 'malformed'],
    ['that is longer than it said', [{ ...first, ...whole, bytes: 4 }], 'malformed'],
    ['that does not grow', [{ ...first, data: '' }], 'malformed'],
    ['of a text that is too large', [{ ...first, bytes: CLIPBOARD_TEXT_BYTES + 1 }], 'too-large'],
  ] as const)(
    '[CLIP-04] a content %s is refused once, and the rest of it dropped',
    (_, bad, why) => {
      const { stand, anna, say, drain } = aStand();
      for (const part of [...bad, second, third]) say(part as ClipboardPart);
      drain();
      expect(anna.told).toMatchObject([{ type: 'clipboard/refused', id: 1, why }]);
      expect(contentOf(stand.channel.told).length).toBeLessThanOrEqual(24 * 1024);
      if (stand.channel.count('clipboard/part') > 0) {
        expect(stand.channel.told.at(-1)).toMatchObject({ type: 'clipboard/refused', why: 'gone' });
      }
      say({ type: 'clipboard/part', id: 2, kind: 'text/plain', offset: 0, ...whole });
      drain();
      expect(stand.channel.told.at(-1)).toMatchObject({ id: 2 });
    },
  );

  test('[CLIP-05] an empty text is one part without bytes', () => {
    const { stand, say, drain } = aStand();
    for (const part of partsOf(Buffer.alloc(0))) say(part);
    drain();
    expect(stand.channel.told).toMatchObject([{ type: 'clipboard/part', bytes: 0 }]);
    expect(stand.contents).toEqual(['passed']);
  });

  test.each([
    ['text/plain', 'off', 'not-allowed'],
    ['image/png', 'text', 'not-allowed'],
    ['image/png', 'all', undefined],
    ['text/plain', 'text', undefined],
  ] as const)('[CLIP-06] %s under the policy %s: %s', (kind, clipboardToHost, why) => {
    const { stand, anna, say, drain } = aStand();
    stand.policy.clipboardToHost = clipboardToHost;
    for (const part of partsOf(TEXT, { kind })) say(part);
    drain();
    expect(anna.heard('clipboard/refused').map((each) => each.why)).toEqual(why ? [why] : []);
    expect(stand.channel.told.length > 0).toBe(why === undefined);
  });

  test('[CLIP-06] a host without a clipboard gets none', () => {
    const { stand, anna, say } = aStand({ clipboard: false });
    for (const part of partsOf(TEXT)) say(part);
    expect(anna.told).toMatchObject([{ why: 'not-allowed' }]);
    expect(stand.channel.told).toEqual([]);
  });

  test('[CLIP-07] of others than the holder of the keyboard it goes nowhere', () => {
    const { stand, anna, ben, say, drain } = aStand();
    stand.grant('ben', 8, ['pointer']);
    for (const part of partsOf(TEXT)) say(part, ben);
    drain();
    expect(stand.channel.told).toEqual([]);
    expect(ben.told).toMatchObject([{ why: 'not-holder' }]);
    expect(anna.told).toEqual([]);
  });

  test('[CLIP-08] what is under way at a hand-over ends there, and nothing more of it goes', () => {
    const { stand, anna, ben, say, drain } = aStand();
    const parts = partsOf(TEXT);
    for (const part of parts.slice(0, 4)) say(part);
    stand.grant('ben', 8);
    expect(stand.channel.told.at(-1)).toMatchObject({ type: 'clipboard/refused', why: 'gone' });
    const told = stand.channel.told.length;
    for (const part of parts.slice(4)) say(part);
    drain();
    expect(stand.channel.told).toHaveLength(told);
    expect(anna.told).toMatchObject([{ why: 'not-holder' }]);
    expect(ben.told).toEqual([]);
    stand.desk.hearHost({ type: 'clipboard/taken', id: 1 }, stand.host);
    expect(ben.told).toEqual([]);
    expect(stand.backlog.bytes).toBe(0);
  });

  test('[CLIP-09] a new id drops what was unfinished', () => {
    const { stand, say, drain } = aStand();
    for (const part of partsOf(TEXT).slice(0, 3)) say(part);
    for (const part of partsOf(Buffer.from('new'), { id: 2 })) say(part);
    drain();
    const ids = stand.channel.told.map((each) => ('id' in each ? each.id : null));
    expect(ids).toEqual([1, 2]);
  });

  test('[CLIP-10] when much waits in all, no more is taken', () => {
    const { stand, anna, say } = aStand();
    expect(stand.backlog.take(LIMITS.clipboardWaitingBytes - 50_000)).toBe(true);
    for (const part of partsOf(TEXT)) say(part);
    expect(anna.told).toMatchObject([{ type: 'clipboard/refused', why: 'too-many' }]);
    expect(stand.backlog.bytes).toBe(LIMITS.clipboardWaitingBytes - 50_000);
  });
});

describe('a clipboard of the host', () => {
  const offer = { type: 'clipboard/offer', id: 5, kinds: ['text/plain', 'image/png'] } as const;
  const want = { type: 'clipboard/want', id: 5, kind: 'text/plain' } as const;

  const hostSays = ({ stand }: ReturnType<typeof aStand>, given = partsOf(TEXT, { id: 5 })) => {
    for (const part of given) stand.desk.hearHost(part, stand.host);
  };

  test('[CLIP-11] is offered to the holder of the keyboard, and sent when it wants it', () => {
    const all = aStand();
    const { stand, anna, ben, drain } = all;
    stand.policy.clipboardFromHost = 'all';
    stand.desk.hearHost({ ...offer, kinds: [...offer.kinds] }, stand.host);
    expect(anna.told).toEqual([offer]);
    hostSays(all);
    drain();
    expect(anna.told).toHaveLength(1);
    stand.desk.hear(anna, want, 0);
    expect(stand.channel.told).toEqual([want]);
    hostSays(all);
    drain();
    expect(contentOf(anna.told).equals(TEXT)).toBe(true);
    expect(ben.told).toEqual([]);
    expect(stand.backlog.bytes).toBe(0);
  });

  test('[CLIP-12] what the policy keeps back is neither offered nor sent', () => {
    const all = aStand();
    const { stand, anna, drain } = all;
    stand.desk.hearHost({ ...offer, kinds: ['image/png'] }, stand.host);
    expect(anna.told).toEqual([]);
    stand.desk.hearHost({ ...offer, kinds: [...offer.kinds] }, stand.host);
    expect(anna.told).toMatchObject([{ kinds: ['text/plain'] }]);
    stand.desk.hear(anna, { ...want, kind: 'image/png' }, 0);
    expect(anna.told.at(-1)).toMatchObject({ why: 'not-allowed' });
    stand.desk.hear(anna, want, 0);
    stand.policy.clipboardFromHost = 'off';
    hostSays(all);
    drain();
    expect(contentOf(anna.told)).toHaveLength(0);
    expect(anna.told.at(-1)).toMatchObject({ type: 'clipboard/refused', why: 'not-allowed' });
    expect(stand.channel.told.at(-1)).toMatchObject({ type: 'clipboard/refused' });
  });

  test('[CLIP-13] who gets the keyboard later hears nothing of what was copied before', () => {
    const all = aStand();
    const { stand, anna, ben, drain } = all;
    stand.desk.hearHost({ ...offer, kinds: [...offer.kinds] }, stand.host);
    stand.desk.hear(anna, want, 0);
    stand.grant('ben', 8);
    expect(stand.channel.told.at(-1)).toMatchObject({ type: 'clipboard/refused', why: 'gone' });
    hostSays(all);
    stand.desk.hear(ben, want, 0);
    hostSays(all);
    drain();
    expect(ben.told).toMatchObject([{ type: 'clipboard/refused', why: 'gone' }]);
    expect(anna.told).toHaveLength(1);
    stand.desk.hear(anna, want, 0);
    expect(anna.told.at(-1)).toMatchObject({ why: 'not-holder' });
  });

  test('[CLIP-14] parts that leave a gap or are too many end it, for both', () => {
    const all = aStand();
    const { stand, anna } = all;
    stand.desk.hearHost({ ...offer, kinds: [...offer.kinds] }, stand.host);
    stand.desk.hear(anna, want, 0);
    hostSays(all, partsOf(TEXT, { id: 5 }).toSpliced(1, 1));
    expect(anna.told.at(-1)).toMatchObject({ type: 'clipboard/refused', why: 'malformed' });
    expect(stand.channel.told.at(-1)).toMatchObject({ type: 'clipboard/refused' });
  });

  test('[CLIP-15] either side may end it', () => {
    const all = aStand();
    const { stand, anna, drain } = all;
    const refused = { type: 'clipboard/refused', id: 5, why: 'gone', sentence: 'Gone.' } as const;
    for (const side of ['host', 'page']) {
      stand.desk.hearHost({ ...offer, kinds: [...offer.kinds] }, stand.host);
      stand.desk.hear(anna, want, 0);
      hostSays(all, partsOf(TEXT, { id: 5 }).slice(0, 2));
      if (side === 'host') stand.desk.hearHost(refused, stand.host);
      else stand.desk.hear(anna, refused, 0);
      const heard = side === 'host' ? anna.told : stand.channel.told;
      expect(heard.at(-1)).toEqual(refused);
      const told = anna.told.length;
      hostSays(all, partsOf(TEXT, { id: 5 }).slice(2));
      drain();
      expect(anna.told).toHaveLength(told);
    }
  });
});
