import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClipboardPart } from '../../../../gateway/protocol/clipboard.ts';
import { CLIPBOARD_PART_BYTES } from '../../../../gateway/protocol/control-terms.ts';
import { ClipboardExchange } from '../../../../web/core/control/clipboard-exchange.ts';
import { contentParts } from '../../../../web/core/control/clipboard-content.ts';
import { SystemClipboard } from '../../../../web/core/control/system-clipboard.ts';
import { ViewerSocket } from '../../../../web/core/viewer-socket.ts';
import { FakeBrowser } from '../fake-browser.ts';

const text = (content: string): Blob => new Blob([content], { type: 'text/plain' });

function anExchange() {
  const browser = new FakeBrowser(() => new Response());
  const options = { url: 'wss://cast.test/ws/control/demo', token: 'a.b.c', source: 'main' };
  const socket = new ViewerSocket(browser, options);
  const exchange = new ClipboardExchange(socket);
  socket.open();
  browser.webSocket.open();
  /** Whether the gateway answers pings. */
  const path = { isOpen: true };
  const { webSocket } = browser;
  const send = webSocket.send.bind(webSocket);
  webSocket.send = (message) => {
    send(message);
    const ping = JSON.parse(message) as { type: string; at: number };
    if (ping.type !== 'viewer/ping' || !path.isOpen) return;
    queueMicrotask(() => webSocket.say({ type: 'viewer/pong', at: ping.at }));
  };
  const partsOf = () =>
    (browser.webSocket.sent as { type: string }[]).filter(
      (message): message is ClipboardPart => message.type === 'clipboard/part',
    );
  const offer = (id = 9, kinds = ['text/plain']) =>
    browser.webSocket.say({ type: 'clipboard/offer', id, kinds });
  return { browser, exchange, partsOf, offer, path };
}

/** What a host sends of a text. */
const hostParts = (id: number, content: string) => [
  ...contentParts(id, 'text/plain', new TextEncoder().encode(content)),
];

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a content to the host', () => {
  it('[CLIP-40] goes in parts that are whole together, in order', async () => {
    const { browser, exchange, partsOf } = anExchange();
    const content = 'naïve 漢字 😀\n'.repeat(4_000);
    const sent = exchange.send(text(content));
    await vi.advanceTimersByTimeAsync(1_000);
    const parts = partsOf();
    const size = new TextEncoder().encode(content).length;
    expect(parts).toHaveLength(Math.ceil(size / CLIPBOARD_PART_BYTES));
    const pieces = parts.map((part, index) => {
      expect(ClipboardPart.safeParse(part).error).toBeUndefined();
      expect(part).toMatchObject({ bytes: size, offset: index * CLIPBOARD_PART_BYTES });
      return Buffer.from(part.data, 'base64');
    });
    expect(Buffer.concat(pieces).toString()).toBe(content);
    expect(exchange.transfer.value).toMatchObject({ direction: 'to-host', bytes: size });
    browser.webSocket.say({ type: 'clipboard/taken', id: parts[0]?.id });
    expect(await sent).toEqual({ result: 'taken' });
    expect(exchange.transfer.value).toBeNull();
  });

  it('[CLIP-41] goes on when the part before has arrived, and not at any speed', async () => {
    const { browser, exchange, partsOf, path } = anExchange();
    path.isOpen = false;
    void exchange.send(text('x'.repeat(4 * CLIPBOARD_PART_BYTES)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(partsOf()).toHaveLength(1);
    const pings = (browser.webSocket.sent as { type: string; at: number }[]).filter(
      ({ type }) => type === 'viewer/ping',
    );
    for (const { at } of pings) browser.webSocket.say({ type: 'viewer/pong', at });
    path.isOpen = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(partsOf()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(19);
    expect(partsOf()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(partsOf()).toHaveLength(3);
  });

  it('[CLIP-42] that is too large, empty or of another kind is not sent, and it says so', async () => {
    const { exchange, partsOf } = anExchange();
    const outcomes = await Promise.all([
      exchange.send(text('x'.repeat(1024 * 1024 + 1))),
      exchange.send(new Blob([new Uint8Array(8 * 1024 * 1024 + 1)], { type: 'image/png' })),
      exchange.send(text('')),
      exchange.send(new Blob(['<b>'], { type: 'text/html' })),
    ]);
    expect(outcomes.map((outcome) => 'sentence' in outcome && outcome.sentence)).toEqual([
      'Text may have 1 MiB.',
      'An image may have 8 MiB.',
      'There is nothing in it.',
      'The clipboard carries text and PNG images.',
    ]);
    expect(partsOf()).toEqual([]);
  });

  it('[CLIP-43] ends where it is refused, replaced, unanswered, or the connection is lost', async () => {
    const { browser, exchange, partsOf } = anExchange();
    const first = exchange.send(text('one'));
    await vi.advanceTimersByTimeAsync(0);
    const second = exchange.send(text('two'));
    await vi.advanceTimersByTimeAsync(0);
    expect(await first).toMatchObject({ result: 'failed' });
    const sentence = 'This room takes no clipboard.';
    const id = partsOf().at(-1)?.id;
    browser.webSocket.say({ type: 'clipboard/refused', id, why: 'not-allowed', sentence });
    expect(await second).toEqual({ result: 'failed', sentence });
    const third = exchange.send(text('three'));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await third).toMatchObject({ sentence: 'The host did not answer.' });
    exchange.reset();
    const fourth = exchange.send(text('x'.repeat(CLIPBOARD_PART_BYTES * 2)));
    await vi.advanceTimersByTimeAsync(0);
    browser.webSocket.end(1006);
    await vi.advanceTimersByTimeAsync(100);
    expect(await fourth).toMatchObject({ result: 'failed' });
    expect(exchange.transfer.value).toBeNull();
  });
});

describe('a content of the host', () => {
  it('[CLIP-44] comes when it is wanted, and whole', async () => {
    const { browser, exchange, offer } = anExchange();
    expect(await exchange.fetch()).toMatchObject({ result: 'failed' });
    offer();
    const content = 'ж'.repeat(30_000);
    const fetched = exchange.fetch();
    expect(browser.webSocket.sent.at(-1)).toEqual({
      type: 'clipboard/want',
      id: 9,
      kind: 'text/plain',
    });
    for (const part of hostParts(8, 'another')) browser.webSocket.say(part);
    for (const part of hostParts(9, content)) browser.webSocket.say(part);
    const outcome = await fetched;
    expect(outcome.result === 'content' && (await outcome.content.text())).toBe(content);
  });

  it('[CLIP-44] with a part missing, doubled or broken is none', async () => {
    const { browser, exchange, offer } = anExchange();
    offer();
    const parts = hostParts(9, 'x'.repeat(CLIPBOARD_PART_BYTES * 3));
    const [one, two, three] = parts;
    if (one === undefined || two === undefined || three === undefined) throw new Error('parts');
    for (const wrong of [
      [one, three],
      [one, one],
      [two],
      [{ ...one, data: '*' }],
      [{ ...one, bytes: 2_000_000 }],
      [one, { ...two, bytes: two.bytes + 1 }],
      [one, two, { ...three, bytes: three.bytes - 1 }],
    ]) {
      const fetched = exchange.fetch();
      for (const part of wrong) browser.webSocket.say(part);
      expect(await fetched).toEqual({ result: 'failed', sentence: 'The content came incomplete.' });
    }
    const silent = exchange.fetch();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await silent).toMatchObject({ sentence: 'The host did not answer.' });
  });
});

describe('this clipboard', () => {
  const anAccess = (own: Blob | null = null) => {
    const written: Blob[] = [];
    const reads: number[] = [];
    vi.stubGlobal(
      'ClipboardItem',
      class {
        readonly items: Record<string, Promise<Blob>>;
        constructor(items: Record<string, Promise<Blob>>) {
          this.items = items;
        }
      },
    );
    const access = {
      read: () => {
        reads.push(1);
        if (own === null) return Promise.reject(new DOMException('no', 'NotAllowedError'));
        return Promise.resolve([{ types: [own.type], getType: () => Promise.resolve(own) }]);
      },
      write: async ([item]: { items: Record<string, Promise<Blob>> }[]) => {
        for (const content of Object.values(item?.items ?? {})) written.push(await content);
      },
    };
    return { access: access as unknown as Pick<Clipboard, 'read' | 'write'>, written, reads };
  };

  it('[CLIP-45] is neither read nor written without an act or a consent', async () => {
    const { browser, exchange, offer } = anExchange();
    const { access, written, reads } = anAccess(text('mine'));
    const clipboard = new SystemClipboard(exchange, access);
    offer();
    clipboard.handleFocus();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([written.length, reads.length]).toEqual([0, 0]);
    const wants = () =>
      (browser.webSocket.sent as { type: string }[]).filter(
        ({ type }) => type === 'clipboard/want',
      );
    expect(wants()).toEqual([]);
    const copied = clipboard.copy();
    for (const part of hostParts(9, 'theirs')) browser.webSocket.say(part);
    expect(await copied).toBe(true);
    expect(await written[0]?.text()).toBe('theirs');
    clipboard.allow({ fromHost: true, toHost: true });
    offer(10);
    expect(wants()).toHaveLength(2);
    clipboard.handleFocus();
    expect(reads).toHaveLength(1);
  });

  it('[CLIP-45] sends what was pasted once, until somebody copies something else', async () => {
    const { browser, exchange, partsOf, offer } = anExchange();
    const clipboard = new SystemClipboard(exchange, anAccess().access);
    const paste = async (content: string) => {
      const { length } = partsOf();
      const done = clipboard.paste(text(content));
      await vi.advanceTimersByTimeAsync(100);
      const sent = partsOf().slice(length);
      for (const { id } of sent) browser.webSocket.say({ type: 'clipboard/taken', id });
      expect(await done).toBe(true);
      return sent.length;
    };
    expect(await paste('a')).toBe(1);
    expect(await paste('a')).toBe(0);
    expect(await paste('b')).toBe(1);
    offer();
    expect(await paste('b')).toBe(1);
    clipboard.reset();
    expect(await paste('b')).toBe(1);
  });

  it('[CLIP-45] that the browser withholds is a sentence', async () => {
    const { exchange, offer, browser } = anExchange();
    const clipboard = new SystemClipboard(exchange, anAccess().access);
    expect(await clipboard.sendOwn()).toBe(false);
    expect(clipboard.problem.value).toBe('The browser did not let the page read its clipboard.');
    const none = new SystemClipboard(exchange, null);
    offer();
    expect(await none.copy()).toBe(false);
    expect(none.problem.value).toBe('This browser gives the page no clipboard.');
    const copied = clipboard.copy();
    const sentence = 'The host has copied something else since.';
    browser.webSocket.say({ type: 'clipboard/refused', id: 9, why: 'gone', sentence });
    expect(await copied).toBe(false);
    expect(clipboard.problem.value).toBe(sentence);
  });
});
