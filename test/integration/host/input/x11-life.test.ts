import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Xtest } from 'x11';
import { SILENCE_MS } from '../../../../gateway/protocol/control-terms.ts';
import type { InputApplied } from '../../../../gateway/protocol/input.ts';
import { HostInput } from '../../../../host-publisher/input/host-input.ts';
import { connect, extension } from '../../../../host-publisher/x11/connect.ts';
import { aFrame, allIn, NOTHING_HELD } from '../../../support/host/a-frame.ts';
import { openVirtualDisplay } from '../../../support/host/virtual-display.ts';
import { aDisplay, anInjector } from '../../../support/host/x11-desk.ts';
import { X11Witness } from '../../../support/host/x11-witness.ts';
import { waitFor } from '../../../support/wait-for.ts';

const SHIFT = { code: 'ShiftLeft', keysym: 0xffe1 };
const KEYCODE_SHIFT = 50;
const HOLDING = { ...NOTHING_HELD, keys: [SHIFT], buttons: 1 };

const controlled = async () => {
  const display = await aDisplay();
  const witness = await X11Witness.open(display.name, { x: 0, y: 0, width: 640, height: 360 });
  onTestFinished(() => witness.close());
  const { injector } = await anInjector(display.name);
  const applied: InputApplied[] = [];
  const input = new HostInput({
    injectors: [injector],
    send: (message) => void applied.push(message),
    onMark: () => undefined,
  });
  await input.ready();
  input.lease({ type: 'control/leases', leases: allIn(1) });
  let sequence = 0;
  const hold = () => {
    sequence += 1;
    input.take(aFrame({ sequence, held: HOLDING }));
  };
  hold();
  await waitFor(async () => (await witness.keysDown()).includes(KEYCODE_SHIFT), { what: 'Shift' });
  const released = async () => {
    await waitFor(
      async () =>
        (await witness.keysDown()).length === 0 &&
        (await witness.told('ButtonRelease')).includes('ButtonRelease 1'),
      { what: 'everything to be up' },
    );
  };
  return { display, witness, input, injector, applied, hold, released };
};

describe('input to an X11 display', () => {
  it('[INPUT-27] is told to be applied, with when it was sent', async () => {
    const { applied } = await controlled();
    await waitFor(() => applied.length > 0, { what: 'the first report' });
    expect(applied[0]).toMatchObject({ epoch: 1, sequence: 1, at: 0, events: 0 });
    expect(applied[0]?.tookUs).toBeGreaterThan(0);
  });

  it('[INPUT-28] lets go of everything when the lease goes, and takes no more of it', async () => {
    const { input, hold, released, witness } = await controlled();
    input.lease({ type: 'control/leases', leases: allIn(null) });
    await released();
    hold();
    expect(await witness.keysDown()).toEqual([]);
  });

  it('[INPUT-28] lets go when the gateway is lost, and at the end', async () => {
    const lost = await controlled();
    lost.input.disconnected();
    await lost.released();
    const ended = await controlled();
    await ended.input.close();
    await ended.released();
  });

  it(`[INPUT-28] lets go after ${SILENCE_MS} ms without a word, and holds again with the next`, async () => {
    const { released, hold, witness } = await controlled();
    await released();
    hold();
    await waitFor(async () => (await witness.keysDown()).length > 0, { what: 'Shift again' });
  });

  it('[INPUT-28] lets go of what a process that was killed left down', async () => {
    const display = await aDisplay();
    const witness = await X11Witness.open(display.name, { x: 0, y: 0, width: 640, height: 360 });
    onTestFinished(() => witness.close());
    const { client } = await connect(display.name);
    const xtest = await extension<Xtest>((reply) => client.require('xtest', reply));
    xtest?.FakeInput(xtest.KeyPress, KEYCODE_SHIFT, 0, 0, 0, 0);
    xtest?.FakeInput(xtest.ButtonPress, 8, 0, 0, 0, 0);
    client.ChangeKeyboardMapping(8, 2, [0x01004e00, 0x01004e00]);
    await new Promise<void>((resolve) => client.sync(() => client.close(resolve)));
    expect(await witness.keysDown()).toEqual([KEYCODE_SHIFT]);
    const { injector } = await anInjector(display.name);
    expect(await witness.keysDown()).toEqual([]);
    expect(await witness.told('ButtonRelease')).toEqual(['ButtonRelease 8']);
    await injector.close();
    const map = () => execFileSync('xmodmap', ['-display', display.name, '-pke']).toString();
    await waitFor(() => !map().includes('U4E00'), { what: 'the keycode to be given back' });
  });

  it('[INPUT-29] is none without the XTEST extension, and says so', async () => {
    const display = await aDisplay(['-extension', 'XTEST']);
    const { injector, lines } = await anInjector(display.name);
    expect(injector.devices).toEqual([]);
    expect(lines).toEqual([
      `Display ${display.name} has no XTEST extension: it can be watched, but not controlled.`,
    ]);
  });

  it('[INPUT-13] comes back with its display, on which nothing is down', async () => {
    const display = await openVirtualDisplay();
    const { inject, resets } = await anInjector(display.name);
    await inject({ type: 'move', x: 0.5, y: 0.5 });
    await display.close();
    void inject({ type: 'move', x: 0.5, y: 0.5 });
    const again = await openVirtualDisplay(undefined, [], display.name);
    onTestFinished(() => again.close());
    await waitFor(() => resets() === 1, { what: 'the display to be found again' });
    const witness = await X11Witness.open(again.name, { x: 0, y: 0, width: 64, height: 36 });
    onTestFinished(() => witness.close());
    await inject({ type: 'move', x: 0.25, y: 0.25 });
    expect(await witness.pointer()).toEqual({ x: 160, y: 90 });
  });
});
