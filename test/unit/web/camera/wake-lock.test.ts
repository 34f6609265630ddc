import { expect, test } from 'vitest';
import { WakeLock } from '../../../../web/camera/wake-lock.ts';

/** A page that can be hidden, and a browser that takes its lock back then. */
function aScreen() {
  const listeners = new Set<() => void>();
  const locks: { isHeld: boolean }[] = [];
  const screen = {
    visible: true,
    lent: 0,
    refuses: false,
    get held() {
      return locks.filter(({ isHeld }) => isHeld).length;
    },
  };
  return {
    screen,
    show: async (visible: boolean) => {
      screen.visible = visible;
      for (const lent of visible ? [] : locks) lent.isHeld = false;
      for (const listener of listeners) listener();
      await settle();
    },
    lock: new WakeLock({
      port: {
        isPageVisible: () => screen.visible,
        onVisibilityChange: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      lend: () => {
        if (screen.refuses) return Promise.reject(new Error('battery'));
        screen.lent += 1;
        const lent = { isHeld: true };
        locks.push(lent);
        return Promise.resolve({
          release: () => {
            lent.isHeld = false;
            return Promise.resolve();
          },
        });
      },
    }),
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('[CAM-11] the screen stays on while it is wanted, and again after the page was hidden', async () => {
  const { screen, lock, show } = aScreen();
  lock.want(true);
  lock.want(true);
  await settle();
  expect(screen).toMatchObject({ lent: 1, held: 1 });
  await show(false);
  expect(screen.lent).toBe(1);
  await show(true);
  expect(screen).toMatchObject({ lent: 2, held: 1 });
  lock.want(false);
  await settle();
  expect(screen.held).toBe(0);
  await show(true);
  expect(screen.lent).toBe(2);
});

test('[CAM-11] a lock that comes after it was wanted is given back; a refusal costs nothing', async () => {
  const { screen, lock } = aScreen();
  lock.want(true);
  lock.want(false);
  await settle();
  expect(screen).toMatchObject({ lent: 1, held: 0 });
  screen.refuses = true;
  lock.want(true);
  await settle();
  lock.want(false);
});
