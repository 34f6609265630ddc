import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readStripe, type Stripe } from '../../../../gateway/protocol/media/stripe.ts';
import type {
  EncodeOrder,
  EncoderEvents,
  EncoderSettings,
  Picture,
  PictureEncoder,
} from '../../../../web/core/stripes-publisher/picture-encoder.ts';
import { PictureStream } from '../../../../web/core/stripes-publisher/picture-stream.ts';

/** A captured picture that counts how often it was given back. */
class FakePicture {
  readonly width: number;
  readonly height = 720;
  closed = 0;

  constructor(width = 1280) {
    this.width = width;
  }

  close(): void {
    this.closed += 1;
  }
}

/** An encoder that is done when the test says so. */
class FakeEncoder implements PictureEncoder {
  readonly codec = 'h264';
  readonly settings: EncoderSettings;
  readonly events: EncoderEvents;
  readonly orders: EncodeOrder[] = [];
  adjusted: EncoderSettings | null = null;
  isBusy = false;
  isClosed = false;

  constructor(settings: EncoderSettings, events: EncoderEvents) {
    this.settings = settings;
    this.events = events;
  }

  encode(_picture: Picture, order: EncodeOrder): void {
    this.orders.push(order);
  }

  adjust(settings: EncoderSettings): void {
    this.adjusted = settings;
  }

  close(): void {
    this.isClosed = true;
  }

  /** Hands out the nth picture that it was given. */
  finish(place = this.orders.length - 1): void {
    const order = this.orders[place];
    if (order === undefined) throw new Error('nothing to finish');
    const stripe = { y: 0, rows: this.settings.height, isKey: order.isKey };
    this.events.encoded({
      ...order,
      stripes: [{ ...stripe, payload: new Uint8Array([place]) }],
      unchanged: 0,
    });
  }
}

function setUp({ framesPerSecond = 30 } = {}) {
  const sent: Stripe[] = [];
  const encoders: FakeEncoder[] = [];
  const state = { isFull: false, isConnected: true, scale: 1, bitrateBps: 2_000_000 };
  const stream = new PictureStream({
    nowMs: () => Date.now(),
    send: (message) => {
      const stripe = readStripe(message);
      if (typeof stripe === 'string') throw new Error(stripe);
      if (state.isConnected) sent.push(stripe);
      return state.isConnected;
    },
    isUplinkFull: () => state.isFull,
    createEncoder: (settings, events) => {
      const encoder = new FakeEncoder(settings, events);
      encoders.push(encoder);
      return encoder;
    },
    settingsFor: ({ width, height }) => ({
      ...{ width: width / state.scale, height: height / state.scale },
      ...{ framesPerSecond, bitrateBps: state.bitrateBps, hint: 'motion' },
    }),
  });
  const pictures: FakePicture[] = [];
  const offer = (width = 1280) => {
    const picture = new FakePicture(width);
    pictures.push(picture);
    // A stream uses no more of a picture than the fake has.
    stream.offer(picture, Date.now() * 1000);
    return picture;
  };
  const encoder = () => {
    const last = encoders.at(-1);
    if (last === undefined) throw new Error('no encoder');
    return last;
  };
  return { stream, sent, encoders, encoder, state, offer, pictures };
}

beforeEach(() => vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

describe('a stream of pictures', () => {
  test('[MEDIA-111] encodes nothing until somebody wants it, and begins with a key of the picture that is there', () => {
    const { stream, encoders, encoder, offer, sent } = setUp();
    offer();
    vi.advanceTimersByTime(1_000);
    expect(encoders).toEqual([]);

    stream.want(true);
    vi.advanceTimersByTime(50);
    expect(encoder().orders).toMatchObject([{ isKey: true, isRefined: false }]);
    encoder().finish();
    expect(sent).toMatchObject([{ isKey: true, isLast: true, frame: 0, width: 1280 }]);

    stream.want(false);
    expect(encoder().isClosed).toBe(true);
    offer();
    vi.advanceTimersByTime(1_000);
    expect(encoders).toHaveLength(1);
  });

  test('[MEDIA-116] gives every picture back once, whatever becomes of it', () => {
    const { stream, offer, pictures, state } = setUp();
    offer();
    stream.want(true);
    for (let turn = 0; turn < 20; turn++) {
      state.isFull = turn % 3 === 0;
      offer();
      vi.advanceTimersByTime(turn * 5);
    }
    stream.want(false);
    offer();
    expect(pictures.slice(0, -1).every(({ closed }) => closed === 1)).toBe(true);
    expect(pictures.at(-1)?.closed).toBe(0);
    stream.close();
    stream.close();
    expect(pictures.at(-1)?.closed).toBe(1);
  });

  test('[MEDIA-112] encodes the last picture as a key where nothing changes, and a new one that comes in time', () => {
    const { stream, offer, encoder } = setUp();
    stream.want(true);
    offer();
    encoder().finish();
    vi.advanceTimersByTime(100);
    stream.wishKey();
    expect(encoder().orders).toHaveLength(1);
    vi.advanceTimersByTime(40);
    expect(encoder().orders.at(-1)).toMatchObject({ isKey: true, isRefined: false });

    encoder().finish();
    stream.wishKey();
    stream.wishKey();
    vi.advanceTimersByTime(20);
    offer();
    vi.advanceTimersByTime(15);
    expect(encoder().orders).toHaveLength(3);
    expect(encoder().orders.at(-1)?.isKey).toBe(true);
    vi.advanceTimersByTime(100);
    expect(encoder().orders).toHaveLength(3);
  });

  test('[MEDIA-113] leaves pictures out while the uplink or the encoder is full; the newest goes when there is room', () => {
    const { stream, offer, encoder, state } = setUp();
    stream.want(true);
    offer();
    encoder().finish();
    state.isFull = true;
    for (let turn = 0; turn < 10; turn++) {
      vi.advanceTimersByTime(33);
      offer();
    }
    expect(encoder().orders).toHaveLength(1);
    const newestUs = Date.now() * 1000;
    state.isFull = false;
    vi.advanceTimersByTime(15);
    expect(encoder().orders).toHaveLength(2);
    expect(encoder().orders.at(-1)).toMatchObject({ capturedAtUs: newestUs, isKey: false });
    expect(stream.figures.read()).toMatchObject({ frames: 1, heldBack: 9 });

    encoder().isBusy = true;
    vi.advanceTimersByTime(33);
    offer();
    expect(encoder().orders).toHaveLength(2);
    encoder().isBusy = false;
    encoder().finish();
    expect(encoder().orders).toHaveLength(3);
  });

  test('[MEDIA-114] another size or encoder is another layout, which begins with a key; rates are adjusted', () => {
    const { stream, offer, encoder, encoders, state, sent } = setUp();
    stream.want(true);
    offer();
    encoder().finish();
    state.bitrateBps = 500_000;
    vi.advanceTimersByTime(33);
    offer();
    encoder().finish();
    expect(encoders).toHaveLength(1);
    expect(encoder().adjusted?.bitrateBps).toBe(500_000);

    state.scale = 2;
    vi.advanceTimersByTime(33);
    offer();
    encoder().finish();
    expect(encoders.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    encoder().events.failed('lost');
    vi.advanceTimersByTime(40);
    encoder().finish();
    expect(encoders).toHaveLength(3);
    expect(sent.map(({ isKey, width }) => ({ isKey, width }))).toEqual([
      { isKey: true, width: 1280 },
      { isKey: false, width: 1280 },
      { isKey: true, width: 640 },
      { isKey: true, width: 640 },
    ]);
    expect(new Set(sent.map(({ layout }) => layout)).size).toBe(3);
  });

  test('[MEDIA-115] shows what stands still twice more, marked as refined, and no frame rate above the wanted one', () => {
    const { stream, offer, encoder, sent } = setUp({ framesPerSecond: 10 });
    stream.want(true);
    for (let turn = 0; turn < 60; turn++) {
      offer();
      vi.advanceTimersByTime(1000 / 60);
    }
    expect(encoder().orders.length).toBeGreaterThanOrEqual(9);
    expect(encoder().orders.length).toBeLessThanOrEqual(11);

    vi.advanceTimersByTime(100);
    const before = encoder().orders.length;
    vi.advanceTimersByTime(10_000);
    expect(encoder().orders.slice(before)).toMatchObject([
      { isRefined: true, isKey: false },
      { isRefined: true, isKey: false },
    ]);
    encoder().finish();
    expect(sent.at(-1)).toMatchObject({ isRefined: true });
  });

  test('[MEDIA-117] a picture that could not be sent makes the next one a key', () => {
    const { stream, offer, encoder, state } = setUp();
    stream.want(true);
    offer();
    state.isConnected = false;
    encoder().finish();
    state.isConnected = true;
    vi.advanceTimersByTime(33);
    offer();
    expect(encoder().orders.at(-1)?.isKey).toBe(true);
  });
});
