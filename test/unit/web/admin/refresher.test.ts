import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Observable } from '../../../../web/core/observable.ts';
import { localProblem } from '../../../../web/core/problem.ts';
import { Refresher } from '../../../../web/admin/core/refresher.ts';

const aStage = ({ told = true, takesMs = 10 } = {}) => {
  const listeners = new Set<(topic: string) => void>();
  const visibility = new Set<() => void>();
  const stage = {
    reads: 0,
    fails: false,
    visible: true,
    isOpen: new Observable(told),
    say: (topic: string) => {
      for (const listener of listeners) listener(topic);
    },
    show: (visible: boolean) => {
      stage.visible = visible;
      for (const listener of visibility) listener();
    },
  };
  const refresher = new Refresher({
    read: async () => {
      stage.reads += 1;
      const value = stage.reads;
      await new Promise((resolve) => setTimeout(resolve, takesMs));
      if (stage.fails) throw new Error('away');
      return value;
    },
    explain: (cause) => localProblem('network', String(cause)),
    news: {
      isOpen: stage.isOpen,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    topics: ['session'],
    page: {
      isPageVisible: () => stage.visible,
      onVisibilityChange: (listener) => {
        visibility.add(listener);
        return () => visibility.delete(listener);
      },
    },
  });
  return { stage, refresher };
};

describe('what a page shows is kept up to date', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('it is read at once, then every ten seconds while news come, every three while none do', async () => {
    const { stage, refresher } = aStage();
    const stop = refresher.start();
    expect(refresher.reading.value).toEqual({ kind: 'loading' });
    await vi.advanceTimersByTimeAsync(20);
    expect(refresher.reading.value).toMatchObject({ kind: 'read', value: 1, problem: null });
    await vi.advanceTimersByTimeAsync(9_900);
    expect(stage.reads).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(stage.reads).toBe(2);
    stage.isOpen.set(false);
    await vi.advanceTimersByTimeAsync(6_200);
    expect(stage.reads).toBe(4);
    stop();
  });

  test('hundreds of events in a second are one question, asked soon', async () => {
    const { stage, refresher } = aStage();
    const stop = refresher.start();
    await vi.advanceTimersByTimeAsync(20);
    for (let each = 0; each < 900; each += 1) {
      stage.say('session');
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(stage.reads).toBe(2);
    stage.say('node');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(stage.reads).toBe(2);
    stop();
  });

  test('what the gateway needs long for is asked for seldom', async () => {
    const { stage, refresher } = aStage({ takesMs: 2_000 });
    const stop = refresher.start();
    await vi.advanceTimersByTimeAsync(2_100);
    stage.say('session');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(stage.reads).toBe(1);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(stage.reads).toBe(2);
    stop();
  });

  test('the last good answer stays while there is none newer, with the reason', async () => {
    const { stage, refresher } = aStage();
    const stop = refresher.start();
    await vi.advanceTimersByTimeAsync(20);
    stage.fails = true;
    await vi.advanceTimersByTimeAsync(10_100);
    expect(refresher.reading.value).toMatchObject({
      kind: 'read',
      value: 1,
      problem: { code: 'network' },
    });
    stop();
  });

  test('without any answer it says why', async () => {
    const { stage, refresher } = aStage();
    stage.fails = true;
    const stop = refresher.start();
    await vi.advanceTimersByTimeAsync(20);
    expect(refresher.reading.value).toMatchObject({ kind: 'failed', problem: { code: 'network' } });
    stop();
  });

  test('a page that cannot be seen asks nothing, and asks when it can be seen again', async () => {
    const { stage, refresher } = aStage();
    const stop = refresher.start();
    await vi.advanceTimersByTimeAsync(20);
    stage.show(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stage.reads).toBe(1);
    stage.show(true);
    await vi.advanceTimersByTimeAsync(20);
    expect(stage.reads).toBe(2);
    stop();
  });

  test('who did something waits for an answer that was asked for afterwards', async () => {
    const { stage, refresher } = aStage({ takesMs: 100 });
    const stop = refresher.start();
    await vi.advanceTimersByTimeAsync(50);
    const first = refresher.refresh();
    const second = refresher.refresh();
    await vi.advanceTimersByTimeAsync(300);
    await Promise.all([first, second]);
    expect(refresher.reading.value).toMatchObject({ value: 2 });
    expect(stage.reads).toBe(2);
    stop();
  });

  test('closed, it asks nothing any more', async () => {
    const { stage, refresher } = aStage();
    const stop = refresher.start();
    await vi.advanceTimersByTimeAsync(20);
    stop();
    stage.say('session');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stage.reads).toBe(1);
  });
});
