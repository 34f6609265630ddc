import { describe, expect, it } from 'vitest';
import { ClipboardPart } from '../../../../gateway/protocol/clipboard.ts';
import { ClipboardFailure } from '../../../../host-publisher/clipboard/clipboard.ts';
import { clipboardParts, joinParts, PNG_SIGNATURE } from '../../../support/host/clipboard-parts.ts';
import { aClipboardDesk } from '../../../support/host/fake-clipboard.ts';
import { waitFor } from '../../../support/wait-for.ts';

const TEXT = 'text/plain';
const words = (text: string): Buffer => Buffer.from(text);

describe('what is copied on the host', () => {
  it('[CLIP-20] is offered to the one who holds the keyboard, and to nobody who comes later', () => {
    const { desk, clipboard, sent, copy } = aClipboardDesk();
    expect(clipboard.events).toBeNull();
    desk.held(7);
    copy(TEXT, 'image/png');
    expect(sent).toMatchObject([{ type: 'clipboard/offer', kinds: [TEXT, 'image/png'] }]);
    desk.held(null);
    copy(TEXT);
    desk.held(8);
    expect(sent).toHaveLength(1);
  });

  it('[CLIP-21] comes when it is wanted, in parts that fit, and is whole', async () => {
    const { desk, clipboard, sent, copy } = aClipboardDesk();
    clipboard.content = Buffer.alloc(100_000, 'é');
    desk.held(7);
    const id = copy(TEXT);
    desk.obey({ type: 'clipboard/want', id, kind: TEXT });
    await waitFor(() => joinParts(sent, id).length === 100_000, { what: 'the whole' });
    expect(joinParts(sent, id)).toEqual(clipboard.content);
    for (const part of sent.slice(1)) expect(ClipboardPart.safeParse(part).success).toBe(true);
  });

  it('[CLIP-21] of nothing is one empty part', async () => {
    const { desk, clipboard, sent, copy } = aClipboardDesk();
    clipboard.content = Buffer.alloc(0);
    desk.held(7);
    const id = copy(TEXT);
    desk.obey({ type: 'clipboard/want', id, kind: TEXT });
    await waitFor(() => sent.length === 2, { what: 'the part' });
    expect(sent[1]).toEqual({
      type: 'clipboard/part',
      id,
      kind: TEXT,
      bytes: 0,
      offset: 0,
      data: '',
    });
  });

  it('[CLIP-21] is read once for many wishes, for the newest of them', async () => {
    const { desk, clipboard, sent, copy } = aClipboardDesk();
    const opened = Promise.withResolvers<undefined>();
    clipboard.gate = opened.promise.then(() => undefined);
    desk.held(7);
    const first = copy(TEXT);
    for (let wish = 0; wish < 50; wish += 1) {
      desk.obey({ type: 'clipboard/want', id: first, kind: TEXT });
    }
    await waitFor(() => clipboard.reads === 1, { what: 'the reading' });
    opened.resolve(undefined);
    await waitFor(() => sent.filter(({ type }) => type === 'clipboard/part').length === 2, {
      what: 'the content, once more for those who came meanwhile',
    });
    expect(clipboard.reads).toBe(2);
  });

  it('[CLIP-28] that is gone, other than offered or too large is refused', async () => {
    const { desk, clipboard, sent, copy } = aClipboardDesk();
    desk.held(7);
    const old = copy(TEXT);
    const id = copy(TEXT);
    const refused = async (want: { id: number; kind: 'text/plain' | 'image/png' }) => {
      const before = sent.length;
      desk.obey({ type: 'clipboard/want', ...want });
      return await waitFor(() => sent[before], { what: 'an answer' });
    };
    const gone = { type: 'clipboard/refused', why: 'gone' };
    expect(await refused({ id: old, kind: TEXT })).toMatchObject({ ...gone, id: old });
    expect(await refused({ id, kind: 'image/png' })).toMatchObject({ ...gone, id });
    clipboard.content = new ClipboardFailure('too-large', 'Too large.');
    expect(await refused({ id, kind: TEXT })).toMatchObject({ why: 'too-large' });
    clipboard.content = new Error('X11 says secret things');
    expect(await refused({ id, kind: TEXT })).toMatchObject({
      why: 'gone',
      sentence: 'The clipboard of this host does not answer.',
    });
  });

  it('[CLIP-27] and read when the keyboard went to somebody else is sent to nobody', async () => {
    const { desk, clipboard, sent, copy } = aClipboardDesk();
    const opened = Promise.withResolvers<undefined>();
    clipboard.gate = opened.promise.then(() => undefined);
    desk.held(7);
    const id = copy(TEXT);
    desk.obey({ type: 'clipboard/want', id, kind: TEXT });
    await waitFor(() => clipboard.reads === 1, { what: 'the reading' });
    desk.held(8);
    opened.resolve(undefined);
    const next = copy(TEXT);
    desk.obey({ type: 'clipboard/want', id: next, kind: TEXT });
    await waitFor(() => joinParts(sent, next).length > 0, { what: 'what is wanted now' });
    expect(joinParts(sent, id)).toHaveLength(0);
  });
});

describe('what a viewer puts into the clipboard', () => {
  it('[CLIP-25] is there when it is whole, and that is told', async () => {
    const { desk, clipboard, sent } = aClipboardDesk();
    desk.held(7);
    const text = words('naïve 漢字 😀 '.repeat(4_000));
    for (const part of clipboardParts(3, TEXT, text)) desk.obey(part);
    await waitFor(() => sent.length === 1, { what: 'the receipt' });
    expect(sent).toEqual([{ type: 'clipboard/taken', id: 3 }]);
    expect(clipboard.written).toEqual([{ kind: TEXT, bytes: text }]);
  });

  it('[CLIP-23] is refused once when a part is missing, is another’s or is beyond the size', () => {
    const { desk, clipboard, sent } = aClipboardDesk();
    desk.held(7);
    const parts = clipboardParts(3, TEXT, Buffer.alloc(100_000, 'x'));
    const [first, second, third] = parts;
    if (first === undefined || second === undefined || third === undefined) throw new Error('few');
    const wrongs = [
      [first, third, ...parts.slice(3)],
      [first, first],
      [first, { ...second, bytes: second.bytes + 1 }],
      [first, { ...second, kind: 'image/png' as const }],
      [{ ...first, bytes: 10 }, second],
      [second],
      [{ ...first, data: '' }],
    ];
    for (const [index, wrong] of wrongs.entries()) {
      for (const part of wrong) desk.obey({ ...part, id: index });
    }
    expect(sent).toHaveLength(wrongs.length);
    for (const [id, message] of sent.entries()) {
      expect(message).toMatchObject({ type: 'clipboard/refused', id, why: 'malformed' });
    }
    expect(clipboard.written).toEqual([]);
  });

  it('[CLIP-23] is refused at its first part when it says that it is too large', () => {
    const { desk, sent } = aClipboardDesk();
    desk.held(7);
    const [part] = clipboardParts(3, TEXT, Buffer.alloc(2 ** 20 + 1, 'x'));
    if (part !== undefined) desk.obey(part);
    expect(sent).toMatchObject([{ type: 'clipboard/refused', id: 3, why: 'too-large' }]);
  });

  it('[CLIP-24] is refused when it is not what it says', () => {
    const { desk, clipboard, sent } = aClipboardDesk();
    desk.held(7);
    for (const part of clipboardParts(1, TEXT, Buffer.from([0xc3, 0x28]))) desk.obey(part);
    for (const part of clipboardParts(2, 'image/png', words('GIF89a'))) desk.obey(part);
    expect(sent).toMatchObject([1, 2].map((id) => ({ id, why: 'malformed' })));
    expect(clipboard.written).toEqual([]);
  });

  it('[CLIP-27] is dropped unfinished when its sender’s time is over', () => {
    const { desk, clipboard, sent } = aClipboardDesk();
    desk.held(7);
    const [first, ...rest] = clipboardParts(3, TEXT, Buffer.alloc(60_000, 'x'));
    if (first !== undefined) desk.obey(first);
    desk.held(8);
    for (const part of rest) desk.obey(part);
    expect(clipboard.written).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('[CLIP-27] is dropped when the other side gives it up', () => {
    const { desk, clipboard } = aClipboardDesk();
    desk.held(7);
    const [first, ...rest] = clipboardParts(
      3,
      'image/png',
      Buffer.concat([PNG_SIGNATURE, Buffer.alloc(60_000)]),
    );
    if (first !== undefined) desk.obey(first);
    desk.obey({ type: 'clipboard/refused', id: 3, why: 'too-many', sentence: '' });
    for (const part of rest) desk.obey(part);
    expect(clipboard.written).toEqual([]);
  });
});

describe('--clipboard', () => {
  it.each(['to-host', 'off'] as const)('[CLIP-22] %s gives nothing away', async (direction) => {
    const { desk, clipboard, sent, copy } = aClipboardDesk(direction);
    desk.held(7);
    copy(TEXT);
    expect(sent).toEqual([]);
    desk.obey({ type: 'clipboard/want', id: 1, kind: TEXT });
    expect(sent).toMatchObject([{ type: 'clipboard/refused', id: 1, why: 'not-allowed' }]);
    await desk.close();
    expect(clipboard.reads).toBe(0);
  });

  it.each(['from-host', 'off'] as const)('[CLIP-22] %s takes nothing', (direction) => {
    const { desk, clipboard, sent } = aClipboardDesk(direction);
    desk.held(7);
    for (const part of clipboardParts(3, TEXT, Buffer.alloc(60_000, 'x'))) desk.obey(part);
    expect(sent).toMatchObject([{ type: 'clipboard/refused', id: 3, why: 'not-allowed' }]);
    expect(clipboard.written).toEqual([]);
  });

  it('[CLIP-22] takes and gives nothing while nobody holds the keyboard', async () => {
    const { desk, clipboard, sent } = aClipboardDesk();
    for (const part of clipboardParts(3, TEXT, words('x'))) desk.obey(part);
    desk.obey({ type: 'clipboard/want', id: 4, kind: TEXT });
    await waitFor(() => sent.length === 2, { what: 'both refusals' });
    expect(sent).toMatchObject([
      { id: 3, why: 'not-holder' },
      { id: 4, why: 'gone' },
    ]);
    expect(clipboard.reads + clipboard.written.length).toBe(0);
  });
});
