import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { News } from '../../../../web/admin/core/news.ts';
import { SseReader } from '../../../../web/admin/core/sse-reader.ts';

describe('an event stream', () => {
  test('is cut into events whatever pieces it comes in', () => {
    const text =
      ': hello\n\nid: 7\nevent: session.opened\ndata: {"a":\ndata: 1}\n\nevent: x\n\ndata: y\r\n\r\n';
    for (const size of [1, 2, 3, 7, text.length]) {
      const reader = new SseReader();
      const events = [];
      for (let at = 0; at < text.length; at += size) {
        events.push(...reader.read(text.slice(at, at + size)));
      }
      expect(events, `in pieces of ${size}`).toEqual([
        { id: '7', type: 'session.opened', data: '{"a":\n1}' },
        { id: '7', type: 'message', data: 'y' },
      ]);
    }
  });
});

const aServer = () => {
  const requests: Headers[] = [];
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const server = {
    requests,
    status: 200,
    say: (text: string) => streams.at(-1)?.enqueue(new TextEncoder().encode(text)),
    end: () => streams.at(-1)?.close(),
    fetch: (_url: string, init: RequestInit) => {
      requests.push(new Headers(init.headers));
      if (server.status !== 200)
        return Promise.resolve(new Response(null, { status: server.status }));
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          streams.push(controller);
          init.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
        },
      });
      return Promise.resolve(new Response(body));
    },
  };
  return server;
};

const listen = (server: ReturnType<typeof aServer>, token = 'secret') => {
  const news = new News(
    { fetch: server.fetch, random: () => 0 },
    { url: 'https://cast.test/api/v1/events', token },
  );
  const topics: string[] = [];
  news.subscribe((topic) => topics.push(topic));
  return { news, topics, stop: news.start() };
};

describe('news of the gateway', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const settle = () => vi.advanceTimersByTimeAsync(0);

  test('tells the topic of every event, and that lists are to be read after each connection', async () => {
    const server = aServer();
    const { news, topics, stop } = listen(server);
    await settle();
    expect(news.isOpen.value).toBe(true);
    server.say(
      'id: 3\nevent: session.opened\ndata: {}\n\nevent: node.down\ndata: {}\n\nevent: reset\ndata: {}\n\n',
    );
    await settle();
    expect(topics).toEqual(['*', 'session', 'node', '*']);
    expect(server.requests[0]?.get('Authorization')).toBe('Bearer secret');
    stop();
  });

  test('comes again after a loss, and says what it has heard', async () => {
    const server = aServer();
    const { news, topics, stop } = listen(server, '');
    await settle();
    server.say('id: 3\nevent: room.opened\ndata: {}\n\n');
    await settle();
    server.end();
    await settle();
    expect(news.isOpen.value).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(news.isOpen.value).toBe(true);
    expect(server.requests[1]?.get('Last-Event-ID')).toBe('3');
    expect(server.requests[1]?.has('Authorization')).toBe(false);
    expect(topics).toEqual(['*', 'room', '*']);
    stop();
  });

  test('takes long silence for a lost connection', async () => {
    const server = aServer();
    const { stop } = listen(server);
    await settle();
    await vi.advanceTimersByTimeAsync(30_000);
    server.say(': still here\n\n');
    await vi.advanceTimersByTimeAsync(40_000);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.requests).toHaveLength(2);
    stop();
  });

  test('leaves a server in peace that has no news for it', async () => {
    const server = aServer();
    server.status = 403;
    const { news, stop } = listen(server);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests).toHaveLength(1);
    expect(news.isOpen.value).toBe(false);
    stop();
  });

  test('closed, it never comes again', async () => {
    const server = aServer();
    const { news, stop } = listen(server);
    await settle();
    stop();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(server.requests).toHaveLength(1);
    expect(news.isOpen.value).toBe(false);
  });
});
