import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import type { ScreenSaver } from 'x11';
import { connect, extension } from '../../../../host-publisher/x11/connect.ts';
import { ask } from '../../../../host-publisher/x11/query.ts';
import { aDisplay, anInjector } from '../../../support/host/x11-desk.ts';
import { waitFor } from '../../../support/wait-for.ts';

interface Asked extends ScreenSaver {
  QueryInfo(
    window: number,
    reply: (error: Error | null | undefined, info: { state: number }) => boolean,
  ): void;
}

const ON = 1;

/** A display that is blanked after a second without input. */
const sleepy = async () => {
  const display = await aDisplay();
  const { client, screen } = await connect(display.name);
  onTestFinished(() => client.close());
  const saver = await extension<Asked>((reply) =>
    client.require('screen-saver', (error, found) => reply(error, found as Asked)),
  );
  const { injector, inject } = await anInjector(display.name);
  const isBlank = async () => {
    const info = await ask<{ state: number }>((reply) =>
      saver?.QueryInfo(screen[0]?.root ?? 0, reply),
    );
    return info?.state === ON;
  };
  return { display, injector, inject, isBlank };
};

it('[INPUT-29] keeps the screen on while somebody has it, and only then', async () => {
  const [held, free] = await Promise.all([sleepy(), sleepy()]);
  held.injector.held(['pointer']);
  await held.inject();
  for (const { display } of [held, free]) {
    execFileSync('xset', ['-display', display.name, 's', '1', '1']);
  }
  await waitFor(free.isBlank, { what: 'the screen that nobody has to be blanked' });
  expect(await held.isBlank()).toBe(false);
  held.injector.held([]);
  await waitFor(held.isBlank, { what: 'the screen that was left to be blanked' });
});
