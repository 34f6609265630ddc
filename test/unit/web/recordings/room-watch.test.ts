import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoomView } from '../../../../gateway/protocol/api/rooms.ts';
import type { RoomRecording } from '../../../../gateway/protocol/room-recording.ts';
import { RoomWatch } from '../../../../web/core/room-watch.ts';
import { ViewerSocket } from '../../../../web/core/viewer-socket.ts';
import { FakeBrowser } from '../fake-browser.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ON: RoomRecording = { recording: true, unrecorded: [] };
const OFF: RoomRecording = { recording: false, unrecorded: [] };
const WELCOME = {
  ...{ type: 'control/welcome', viewer: 'v', name: 'n', rank: 'viewer', resume: 'r' },
};
const roomThat = (recording: RoomRecording): RoomView =>
  ({ room: 'demo', sources: [], ...recording }) as unknown as RoomView;

/** A page whose room answers what the test says; null: it cannot be told. */
function aPage(withSocket = false) {
  const browser = new FakeBrowser(() => new Response());
  const url = 'wss://cast.test/ws/control/demo';
  const socket = new ViewerSocket(browser, { url, token: 'a.b.c', source: 'main' });
  const asked: PromiseWithResolvers<RoomView | null>[] = [];
  const watch = new RoomWatch({
    read: () => {
      const answer = Promise.withResolvers<RoomView | null>();
      asked.push(answer);
      return answer.promise;
    },
    everyMs: 2_000,
    ...(withSocket ? { socket } : {}),
  });
  const answer = async (room: RoomView | null): Promise<void> => {
    asked.shift()?.resolve(room);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { browser, socket, asked, watch, answer };
}

describe('a page that hears of its room by asking', () => {
  test('[REC-77] knows of the recording at once, and of its end with the next answer', async () => {
    const { watch, asked, answer } = aPage();
    watch.start();
    expect(watch.recording.value).toBeNull();
    await answer(roomThat(ON));
    expect(watch.recording.value).toEqual(ON);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(2_000);
    await answer(roomThat(OFF));
    expect(watch.recording.value).toEqual(OFF);
  });

  test('[REC-77] keeps what it knew while it gets no answer', async () => {
    const { watch, answer } = aPage();
    watch.start();
    await answer(roomThat(ON));
    await vi.advanceTimersByTimeAsync(2_000);
    await answer(null);
    expect(watch.recording.value).toEqual(ON);
  });

  test('an answer to an older question does not undo a newer one', async () => {
    const { watch, asked } = aPage();
    watch.start();
    const [older] = asked;
    const refreshed = watch.refresh();
    asked[1]?.resolve(roomThat(ON));
    await refreshed;
    older?.resolve(roomThat(OFF));
    await vi.advanceTimersByTimeAsync(0);
    expect(watch.recording.value).toEqual(ON);
  });

  test('asks nothing more once it is over', async () => {
    const { watch, asked, answer } = aPage();
    watch.start()();
    await answer(roomThat(ON));
    await vi.advanceTimersByTimeAsync(10_000);
    expect([asked.length, watch.recording.value]).toEqual([0, null]);
  });
});

describe('a page with a socket', () => {
  test('[REC-77] hears by it, and asks only while it is not connected', async () => {
    const { browser, socket, watch, asked, answer } = aPage(true);
    watch.start();
    socket.open();
    browser.webSocket.open();
    browser.webSocket.say(WELCOME);
    browser.webSocket.say({ type: 'room/recording', ...ON });
    expect(watch.recording.value).toEqual(ON);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(0);
    browser.webSocket.end(1006);
    expect(watch.recording.value).toEqual(ON);
    await vi.advanceTimersByTimeAsync(2_000);
    await answer(roomThat(OFF));
    expect(watch.recording.value).toEqual(OFF);
  });

  test('[REC-77] a socket that comes again says anew what is so', async () => {
    const { browser, socket, watch } = aPage(true);
    watch.start();
    socket.open();
    browser.webSocket.open();
    browser.webSocket.say(WELCOME);
    browser.webSocket.say({ type: 'room/recording', ...ON });
    browser.webSocket.end(1006);
    await vi.advanceTimersByTimeAsync(1_500);
    browser.webSocket.open();
    browser.webSocket.say(WELCOME);
    browser.webSocket.say({ type: 'room/recording', ...OFF });
    expect(watch.recording.value).toEqual(OFF);
  });
});
