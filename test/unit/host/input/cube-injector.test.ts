import { describe, expect, it } from 'vitest';
import { CubeInjector } from '../../../../host-publisher/input/cube-injector.ts';
import type { Injection } from '../../../../host-publisher/input/injection.ts';
import type { ToMedia } from '../../../../host-publisher/media/messages.ts';

const ACTS: readonly Injection[] = [{ type: 'button', button: 0, down: true }];

const anInjector = () => {
  const sent: { readonly message: ToMedia; readonly sent: () => void }[] = [];
  const seen = { resets: 0, done: 0, isThere: true };
  const injector = new CubeInjector({
    toMedia: (message, whenSent) => {
      if (seen.isThere) sent.push({ message, sent: whenSent });
      return seen.isThere;
    },
    onReset: () => (seen.resets += 1),
  });
  const inject = () => injector.inject(ACTS, () => (seen.done += 1));
  return { injector, inject, sent, seen };
};

describe('input of the cube', () => {
  it('takes all devices', () => {
    expect(anInjector().injector.devices).toEqual(['pointer', 'keyboard', 'gamepad']);
  });

  it('goes to the media process, and is done when it has left', () => {
    const { injector, inject, sent, seen } = anInjector();
    injector.live(true);
    inject();
    expect(seen.done).toBe(0);
    sent[0]?.sent();
    expect(seen.done).toBe(1);
    expect(sent.map(({ message }) => message)).toEqual([
      { type: 'input', fresh: true, acts: ACTS },
    ]);
    inject();
    expect(sent[1]?.message).toMatchObject({ fresh: false });
  });

  it('is lost while nothing is published: nothing is down in the next publication', () => {
    const { injector, inject, sent, seen } = anInjector();
    inject();
    expect(sent).toEqual([]);
    expect(seen).toMatchObject({ resets: 1, done: 1 });
    injector.live(true);
    expect(seen.resets).toBe(2);
    injector.live(false);
    expect(seen.resets).toBe(3);
    inject();
    expect(sent).toEqual([]);
  });

  it('is lost where the process is away, and what is held is let go before it goes on', () => {
    const { injector, inject, sent, seen } = anInjector();
    injector.live(true);
    inject();
    seen.isThere = false;
    inject();
    expect(seen).toMatchObject({ resets: 2, done: 1 });
    seen.isThere = true;
    inject();
    expect(sent.map(({ message }) => message.type === 'input' && message.fresh)).toEqual([
      true,
      true,
    ]);
  });

  it('does not pile up before a process that hangs, and goes on afresh when it reads again', () => {
    const { injector, inject, sent, seen } = anInjector();
    injector.live(true);
    for (let round = 0; round < 1_000; round += 1) inject();
    expect(sent).toHaveLength(64);
    expect(seen.done).toBe(1_000 - 64);
    for (const { sent: leave } of [...sent]) leave();
    inject();
    expect(sent).toHaveLength(65);
    expect(sent.at(-1)?.message).toMatchObject({ fresh: true });
    expect(seen.done).toBe(1_000);
  });
});
