import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStream, type EventSink } from '../../../gateway/events/event-stream.ts';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import type { EventName } from '../../../gateway/protocol/events.ts';

/** A connection that remembers what it took. */
class FakeSink implements EventSink {
  text = '';
  takes = true;
  state: 'open' | 'ended' | 'destroyed' = 'open';

  write(text: string): boolean {
    this.text += text;
    return this.takes;
  }

  end(): void {
    this.state = 'ended';
  }

  destroy(): void {
    this.state = 'destroyed';
  }

  /** Names of the events so far. */
  get events(): string[] {
    return [...this.text.matchAll(/^event: (\w+)$/gm)].map(([, name = '']) => name);
  }
}

const ALL: readonly EventName[] = ['active', 'inactive', 'viewercount', 'reconnect', 'layers'];

function aStream(names: readonly EventName[] = ALL) {
  const onUnread = vi.fn();
  const stream = new EventStream({
    id: 'one',
    names: new Set(names),
    onPending: () => stream.flush(),
    onUnread,
  });
  return { stream, onUnread };
}

function aReader(stream: EventStream): FakeSink {
  const sink = new FakeSink();
  stream.attach(sink);
  return sink;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('EventStream', () => {
  it('[EVENT-03] writes one event line and one data line each', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    stream.push('active', {});
    stream.push('viewercount', { viewercount: 3 });
    expect(sink.text).toBe(
      'retry: 2000\n\nevent: active\ndata: {}\n\nevent: viewercount\ndata: {"viewercount":3}\n\n',
    );
  });

  it('[EVENT-03] keeps data that has line breaks in it on one line', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    stream.push('reconnect', { url: 'a\nevent: forged\r\u2028b' });
    expect(sink.text.match(/^event: /gm)).toHaveLength(1);
    expect(sink.text.match(/^data: /gm)).toHaveLength(1);
  });

  it('[EVENT-04] queues only what was asked for', () => {
    const { stream } = aStream(['inactive']);
    const sink = aReader(stream);
    stream.push('active', {});
    stream.push('viewercount', { viewercount: 1 });
    stream.push('inactive', {});
    stream.push('active', {});
    stream.push('inactive', {});
    expect(sink.events).toEqual(['inactive', 'inactive']);
  });

  it('[EVENT-05] delivers what happened before the first connection, active first', () => {
    const { stream } = aStream();
    for (const name of ['active', 'inactive', 'active', 'inactive'] as const) stream.push(name, {});
    expect(aReader(stream).events).toEqual(['active', 'inactive']);
  });

  it('[EVENT-05] says nothing of a publisher that was never there', () => {
    const { stream } = aStream();
    expect(aReader(stream).events).toEqual([]);
  });

  it('[EVENT-10] tells the present state to every new connection, whatever Last-Event-ID', () => {
    const { stream } = aStream();
    stream.push('active', {});
    stream.push('viewercount', { viewercount: 1 });
    const first = aReader(stream);
    stream.detach(first);
    stream.push('viewercount', { viewercount: 2 });
    const second = aReader(stream);
    expect(second.text).toContain('event: active\ndata: {}\n\n');
    expect(second.text).toContain('data: {"viewercount":2}\n\n');
    expect(second.text).not.toContain('{"viewercount":1}');
  });

  it('has one reader: a newer connection ends the older', () => {
    const { stream } = aStream();
    const older = aReader(stream);
    const newer = aReader(stream);
    stream.detach(older);
    stream.push('active', {});
    expect([older.state, older.events]).toEqual(['ended', []]);
    expect([newer.state, newer.events]).toEqual(['open', ['active']]);
  });

  it('[EVENT-10] sends a comment every 15 s', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    sink.text = '';
    vi.advanceTimersByTime(45_000);
    expect(sink.text).toBe(':\n\n:\n\n:\n\n');
  });

  it('is never taken for a response that makes no progress', () => {
    expect(LIMITS.eventPingMs * 2).toBeLessThan(LIMITS.stalledMs);
  });

  it('[HOSTILE-37] keeps the newest of each kind for a slow reader, and writes nothing into it', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    sink.takes = false;
    stream.push('viewercount', { viewercount: 0 });
    const { length } = sink.text;
    for (let n = 1; n <= 100_000; n += 1) {
      stream.push('viewercount', { viewercount: n });
      stream.push(n % 2 === 0 ? 'active' : 'inactive', {});
    }
    expect(sink.text.length).toBe(length);
    sink.takes = true;
    stream.drained(sink);
    expect(sink.text.length - length).toBeLessThan(200);
    expect(sink.text).toContain('data: {"viewercount":100000}\n\n');
    expect(sink.events.at(-2)).toBe('active');
  });

  it('[HOSTILE-37] cuts off a reader that has taken nothing for 15 s', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    vi.advanceTimersByTime(14_000);
    sink.takes = false;
    stream.push('active', {});
    vi.advanceTimersByTime(15_000);
    expect(sink.state).toBe('open');
    vi.advanceTimersByTime(1_000);
    expect(sink.state).toBe('destroyed');
  });

  it('spares a reader that was slow and recovered', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    sink.takes = false;
    stream.push('active', {});
    vi.advanceTimersByTime(15_000);
    sink.takes = true;
    stream.drained(sink);
    vi.advanceTimersByTime(15_000);
    expect(sink.state).toBe('open');
  });

  it('[HOSTILE-37] is given up when nobody reads it for a minute', () => {
    const { stream, onUnread } = aStream();
    vi.advanceTimersByTime(59_999);
    const sink = aReader(stream);
    vi.advanceTimersByTime(120_000);
    expect(onUnread).not.toHaveBeenCalled();
    stream.detach(sink);
    vi.advanceTimersByTime(60_000);
    expect(onUnread).toHaveBeenCalledExactlyOnceWith(stream);
  });

  it('[EVENT-06] drops what waits when it is closed, and leaves no timer', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    sink.takes = false;
    stream.push('active', {});
    stream.push('inactive', {});
    stream.close();
    stream.drained(sink);
    stream.push('active', {});
    expect(sink.events).toEqual(['active']);
    expect(sink.state).toBe('destroyed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends the connection of a reader that has taken everything', () => {
    const { stream } = aStream();
    const sink = aReader(stream);
    stream.close();
    stream.close();
    expect(sink.state).toBe('ended');
  });
});
