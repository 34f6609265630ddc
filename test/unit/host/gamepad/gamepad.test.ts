import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GamepadInjector } from '../../../../host-publisher/gamepad/gamepad-injector.ts';
import * as uinput from '../../../../host-publisher/gamepad/uinput.ts';
import { AT_REST, AXES, changesOf, XBOX_360 } from '../../../../host-publisher/gamepad/xbox-360.ts';

const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

const REQUESTS = [
  ...(['UI_SET_EVBIT', 'UI_SET_KEYBIT', 'UI_SET_ABSBIT', 'UI_DEV_SETUP'] as const),
  ...(['UI_ABS_SETUP', 'UI_DEV_CREATE', 'UI_DEV_DESTROY'] as const),
];

const PROGRAM = `
#include <linux/uinput.h>
#include <stdio.h>
#include <string.h>
static void print(const void *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) printf("%02x", ((const unsigned char *) bytes)[i]);
  printf("\\n");
}
int main(void) {
  ${REQUESTS.map((name) => `printf("%lu\\n", (unsigned long) ${name});`).join('\n  ')}
  struct uinput_setup setup = { .id = { BUS_USB, 0x045e, 0x028e, 0x0110 } };
  strcpy(setup.name, "Microsoft X-Box 360 pad");
  print(&setup, sizeof setup);
  struct uinput_abs_setup axis = { .code = ABS_RX, .absinfo = { 0, -32768, 32767, 16, 128, 0 } };
  print(&axis, sizeof axis);
  struct input_event events[2] = { { .type = EV_KEY, .code = BTN_A, .value = 1 } };
  print(events, sizeof events);
}`;

describe('a gamepad of the kernel', () => {
  it.runIf(hasCompiler)('[HOST-45] has the numbers and layouts of its header', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pixelcast-uinput-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'layout.c'), PROGRAM);
    execFileSync('gcc', ['-o', 'layout', 'layout.c'], { cwd: folder });
    const lines = execFileSync(join(folder, 'layout'), { encoding: 'utf8' }).trim().split('\n');
    const rightX = AXES.find(({ code }) => code === 3);
    if (rightX === undefined) throw new Error('no right stick');
    expect(lines).toEqual([
      ...REQUESTS.map((name) => String(uinput[name])),
      uinput.encodeSetup(XBOX_360).toString('hex'),
      uinput.encodeAxis(rightX).toString('hex'),
      uinput.encodeEvents([{ type: 1, code: 0x130, value: 1 }]).toString('hex'),
    ]);
  });

  it('[HOST-46] shows each button, axis and trigger of the standard mapping, and what changed alone', () => {
    expect(changesOf(AT_REST, AT_REST)).toEqual([]);
    expect(changesOf(AT_REST, { ...AT_REST, buttons: 1 | (1 << 9) | (1 << 16) })).toEqual(
      [0x130, 0x13b, 0x13c].map((code) => ({ type: 1, code, value: 1 })),
    );
    const pushed = { buttons: (1 << 12) | (1 << 15), triggers: [1, 0.5] as [number, number] };
    expect(changesOf(AT_REST, { ...pushed, axes: [-1, 1, 0.5, 0] })).toEqual([
      { type: 3, code: 0, value: -32_767 },
      { type: 3, code: 1, value: 32_767 },
      { type: 3, code: 3, value: 16_384 },
      { type: 3, code: 2, value: 255 },
      { type: 3, code: 5, value: 128 },
      { type: 3, code: 16, value: 1 },
      { type: 3, code: 17, value: -1 },
    ]);
  });

  it('[HOST-47] is plugged in at its first use, one for each of the viewer’s, and rests again', () => {
    const written: (readonly uinput.EvdevEvent[])[] = [];
    let plugged = 0;
    let closed = 0;
    const injector = new GamepadInjector({
      say: () => undefined,
      isThere: () => true,
      plug: () => {
        plugged += 1;
        return { write: (events) => written.push(events), close: () => (closed += 1) };
      },
    });
    expect([injector.devices, plugged]).toEqual([['gamepad'], 0]);
    const press = { type: 'gamepad', id: 0, ...AT_REST, buttons: 1 } as const;
    injector.inject([press, { ...press, id: 1 }, { ...press, buttons: 0 }], () => undefined);
    expect(plugged).toBe(2);
    expect(written.map((events) => events.map(({ value }) => value))).toEqual([[1], [1], [0]]);
    void injector.close();
    expect(closed).toBe(2);
  });

  it('[HOST-47] is none where the kernel has no uinput, and one that fails is told once', () => {
    expect(new GamepadInjector({ say: () => undefined, isThere: () => false }).devices).toEqual([]);
    const said: string[] = [];
    const injector = new GamepadInjector({
      say: (line) => said.push(line),
      isThere: () => true,
      plug: () => {
        throw new Error('/dev/uinput refuses.');
      },
    });
    let done = 0;
    const act = { type: 'gamepad', id: 0, ...AT_REST, buttons: 1 } as const;
    for (let turn = 0; turn < 3; turn += 1) injector.inject([act], () => (done += 1));
    expect(said).toEqual(['Gamepads do not work here: Error: /dev/uinput refuses.']);
    expect(done).toBe(3);
  });
});
