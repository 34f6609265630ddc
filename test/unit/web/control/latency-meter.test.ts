import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LatencyMeter } from '../../../../web/core/control/latency-meter.ts';
import { ViewerSocket } from '../../../../web/core/viewer-socket.ts';
import { FakeBrowser } from '../fake-browser.ts';

function aMeter() {
  const browser = new FakeBrowser(() => new Response());
  const options = { url: 'wss://cast.test/ws/control/demo', token: 'a.b.c', source: 'main' };
  const socket = new ViewerSocket(browser, options);
  const meter = new LatencyMeter(socket);
  socket.open();
  browser.webSocket.open();
  let look: VideoFrameRequestCallback | null = null;
  const off = meter.watch({
    requestVideoFrameCallback: (call) => {
      look = call;
      return 1;
    },
    cancelVideoFrameCallback: () => (look = null),
  });
  const present = (rtpTimestamp: number, presentationTime: number) =>
    look?.(0, { rtpTimestamp, presentationTime } as VideoFrameCallbackMetadata);
  const seen = () =>
    (browser.webSocket.sent as { type: string }[]).filter(({ type }) => type === 'input/seen');
  return { browser, meter, off, present, seen, isLooking: () => look !== null };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('LatencyMeter', () => {
  it('measures from an event until the first picture that may show it, in whatever order they are told', () => {
    const { browser, meter, present, seen } = aMeter();
    const mark = meter.mark(100);
    present(0xffff_ff00, 120);
    browser.webSocket.say({ type: 'input/pictured', mark, rtpTimestamp: 0xffff_fff0 });
    present(0x10, 150);
    present(0x1000, 170);
    expect(seen()).toEqual([{ type: 'input/seen', tookMs: 50 }]);
    const next = meter.mark(400);
    present(0x2000, 430);
    present(0x3000, 450);
    browser.webSocket.say({ type: 'input/pictured', mark: next, rtpTimestamp: 0x2000 });
    expect(seen().at(-1)).toEqual({ type: 'input/seen', tookMs: 30 });
    browser.webSocket.say({ type: 'input/pictured', mark: next, rtpTimestamp: 0x2000 });
    expect(seen()).toHaveLength(2);
    expect(meter.latency.value.pictureMs).toBe(50);
  });

  it('marks four moments a second, and tells until when they were applied', () => {
    const { browser, meter, off, isLooking } = aMeter();
    const marks = [0, 100, 249, 250, 500].map((atMs) => meter.mark(atMs));
    expect(marks.map((mark) => mark !== null)).toEqual([true, false, false, true, true]);
    const at = performance.now();
    vi.advanceTimersByTime(12);
    const applied = { type: 'input/applied', epoch: 1, sequence: 1, events: 0, tookUs: 80 };
    browser.webSocket.say({ ...applied, at });
    expect(meter.latency.value).toMatchObject({ appliedMs: 12, pictureMs: null });
    off();
    expect(isLooking()).toBe(false);
  });
});
