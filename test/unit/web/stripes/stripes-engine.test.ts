import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readPainted } from '../../../../gateway/protocol/media/painted.ts';
import { writeSound } from '../../../../gateway/protocol/media/sound.ts';
import { writeStripe } from '../../../../gateway/protocol/media/stripe.ts';
import type { EngineEvent } from '../../../../web/core/stripes/engine-messages.ts';
import { StripesEngine } from '../../../../web/core/stripes/stripes-engine.ts';
import { runs } from '../../../support/fuzz/runs.ts';
import { aStripe, FakeImage } from './a-stripe.ts';
import { FakeCanvas, FakeThread } from './fake-thread.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('createImageBitmap', () => Promise.resolve(new FakeImage()));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function anEngine() {
  const thread = new FakeThread();
  const canvas = new FakeCanvas();
  const events: EngineEvent[] = [];
  const opening = { url: 'ws://x/ws/media/demo', token: 't', canvas: canvas as never };
  const engine = new StripesEngine(opening, (event) => events.push(event), thread);
  engine.handle({ type: 'start' });
  const state = () =>
    events.flatMap((event) => (event.type === 'state' ? [event.state] : [])).at(-1);
  const stripe = (given: Parameters<typeof aStripe>[0] = {}) => {
    const { payload, ...header } = aStripe({ rows: 30, ...given });
    thread.socket.deliver(writeStripe(header, payload));
    return vi.advanceTimersByTimeAsync(0);
  };
  return { thread, canvas, engine, events, state, stripe };
}

const receipts = ({ socket }: FakeThread) =>
  socket.sent.flatMap((sent) => (typeof sent === 'string' ? [] : [readPainted(sent)]));

const wishes = ({ socket }: FakeThread) =>
  socket.sent.filter((sent) => sent === '{"type":"media/key"}').length;

describe('an engine', () => {
  test('[MEDIA-85] is live with the first whole picture, and says that it was painted', async () => {
    const { thread, events, state, stripe } = anEngine();
    thread.socket.welcome();
    expect(state()).toEqual({ kind: 'connecting' });
    await stripe({ rows: 10, frame: 7 });
    expect(receipts(thread)).toEqual([7]);
    expect(state()).toEqual({ kind: 'connecting' });
    thread.show();
    await stripe({ y: 10, rows: 20, frame: 8 });
    expect(receipts(thread)).toEqual([7, 8]);
    expect(state()).toEqual({ kind: 'live' });
    expect(events).toContainEqual({ type: 'size', size: { width: 64, height: 30 } });
  });

  test('[MEDIA-85] a picture that the screen has not shown yet holds the next receipt back', async () => {
    const { thread, stripe } = anEngine();
    thread.socket.welcome();
    for (const frame of [1, 2, 3]) await stripe({ frame });
    expect(receipts(thread)).toEqual([1]);
    thread.show();
    expect(receipts(thread)).toEqual([1, 3]);
    thread.show();
    thread.show();
    expect(receipts(thread)).toEqual([1, 3]);
  });

  test('[MEDIA-88] a canvas that lost its picture asks for all of it', async () => {
    const { thread, canvas, stripe } = anEngine();
    thread.socket.welcome();
    await stripe();
    expect(wishes(thread)).toBe(0);
    canvas.dispatchEvent(new Event('contextrestored'));
    expect(wishes(thread)).toBe(1);
  });

  test('[MEDIA-87] keys are asked for at once, then ever more seldom', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no JPEG')));
    const { thread, stripe } = anEngine();
    thread.socket.welcome();
    const counts: number[] = [];
    for (let half = 0; half < 20; half += 1) {
      await stripe({ frame: half });
      counts.push(wishes(thread));
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(counts.slice(0, 4)).toEqual([1, 2, 2, 3]);
    expect(counts.at(-1)).toBeLessThanOrEqual(5);
  });

  test('[MEDIA-89] without a decoder for what comes it fails, and does not come again', async () => {
    const { thread, state, stripe } = anEngine();
    thread.socket.welcome();
    const sps = new Uint8Array([0, 0, 0, 1, 0x67, 0x42, 0xe0, 0x1f, 1]);
    await stripe({ codec: 'h264', payload: sps });
    expect(state()).toMatchObject({ kind: 'failed', problem: { code: 'codec-unsupported' } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(thread.sockets).toHaveLength(1);
  });

  test('[MEDIA-89] pictures that are never decoded are given up, and paid for', async () => {
    vi.stubGlobal('createImageBitmap', () => new Promise(() => undefined));
    const { thread, stripe } = anEngine();
    thread.socket.welcome();
    for (let frame = 1; frame <= 5; frame += 1) await stripe({ frame });
    expect(receipts(thread)).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(receipts(thread)).toEqual([5]);
    expect(wishes(thread)).toBe(1);
  });

  test('[MEDIA-86] garbage from the network ends nothing and is never painted', () => {
    const { thread, canvas, state } = anEngine();
    thread.socket.welcome();
    const { payload, ...header } = aStripe({ rows: 30 });
    const whole = [
      writeStripe(header, payload),
      writeSound({ sequence: 1, capturedAtUs: 5, payload: new Uint8Array([3]) }),
    ];
    const cut = fc
      .tuple(fc.constantFrom(...whole), fc.nat(23))
      .map(([message, length]) => message.slice(0, Math.min(length, message.length - 1)));
    const spoilt = fc
      .tuple(fc.constantFrom(...whole), fc.constantFrom(0, 1), fc.integer({ min: 0x80, max: 255 }))
      .map(([message, at, byte]) => message.with(at, byte));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 14 }), cut, spoilt), (message) => {
        thread.socket.deliver(message);
        expect(state()).toEqual({ kind: 'connecting' });
      }),
      runs(1_000),
    );
    expect(canvas.drawn).toBe(0);
  });

  test('[MEDIA-86] texts of another version, or none at all, are left alone', () => {
    const { thread, state } = anEngine();
    thread.socket.welcome();
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        thread.socket.onmessage?.({ data: text });
        expect(state()).toEqual({ kind: 'connecting' });
      }),
      runs(300),
    );
    thread.socket.tell({ type: 'media/state', publishing: 'yes', webrtc: false });
    thread.socket.tell({ type: 'media/later', publishing: false });
    expect(state()).toEqual({ kind: 'connecting' });
  });
});
