import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { readAudioLevel } from '../support/browser/audio-level.ts';
import { samplePicture } from '../support/browser/picture.ts';
import { openTestBrowser } from '../support/browser/test-browser.ts';
import { readTimeCode, type TimeCode } from '../support/browser/time-code.ts';
import { waitFor } from '../support/wait-for.ts';
import type { ComposeProject } from './compose-project.ts';

const VIDEO = '[data-testid="video"]';
const PICTURE_MS = 30_000;
/** With the agent's own start and a viewer's join on a machine that has other things to do. */
const BACK_MS = 15_000;
const STOP_MS = 10_000;
const KILL_AGENT =
  'for p in /proc/[0-9]*; do tr "\\0" " " < "$p/cmdline" | grep -q "^[^ ]*node /app/host-publisher/main.ts " && kill -9 "${p#/proc/}"; done; true';
const TONE =
  'timeout 40 gst-launch-1.0 audiotestsrc freq=440 num-buffers=2000 ! audioconvert ! pulsesink server=unix:/tmp/desktop/sound';

/** Colour of the desktop that `checkDesktop` expects: set it by `DESKTOP_COMMAND`. */
export const DESKTOP_COMMAND = "xterm -maximized -bg '#1e8c3c'";

/** Brings the demo profile up and sees the cube turn, also after its agent was killed. */
export async function checkCube(project: ComposeProject, link: string): Promise<string> {
  await project.compose('up', '--detach', '--wait', 'cube');
  await assertHarmless(project, 'cube');
  return await onPage(link, async (page) => {
    const first = await timeCode(page, () => true, PICTURE_MS);
    await timeCode(page, ({ frame }) => frame > first.frame, PICTURE_MS);
    await project.exec('cube', 'sh', '-c', KILL_AGENT);
    const killedAt = Date.now();
    const after = await timeCode(page, ({ paintedAtMs }) => paintedAtMs > killedAt, BACK_MS);
    return `${first.ageMs} ms old; back ${after.paintedAtMs - killedAt} ms after the agent was killed`;
  });
}

/** Brings the host profile up: the desktop's colour is seen, what it plays is heard, it stops in time. */
export async function checkDesktop(project: ComposeProject, link: string): Promise<string> {
  await project.compose('up', '--detach', '--wait', 'host');
  await assertHarmless(project, 'host');
  await project.compose('exec', '-T', '--detach', 'host', 'sh', '-c', TONE);
  const seen = await onPage(link, async (page) => {
    const { width, height } = await waitFor(
      async () => {
        const picture = await samplePicture(page, VIDEO);
        const [red, green, blue] = picture.meanColour;
        return green > red + 40 && green > blue + 40 && picture;
      },
      { timeoutMs: PICTURE_MS, everyMs: 100, what: 'the colour of the desktop' },
    );
    const { peakHz } = await waitFor(
      async () => {
        const level = await readAudioLevel(page, { selector: VIDEO });
        return level.rms > 0.02 && level;
      },
      { timeoutMs: PICTURE_MS, what: 'the tone' },
    );
    assert.ok(peakHz > 380 && peakHz < 500, `heard ${peakHz} Hz`);
    return `${width}x${height}, ${Math.round(peakHz)} Hz`;
  });
  const stoppedAt = performance.now();
  await project.compose('stop', 'host');
  const stopMs = Math.round(performance.now() - stoppedAt);
  assert.ok(stopMs < STOP_MS, `it took ${stopMs} ms to stop`);
  assert.equal(await project.inspect('host', '{{.State.ExitCode}}'), '0');
  return `${seen}; stopped in ${stopMs} ms`;
}

async function assertHarmless(project: ComposeProject, service: string): Promise<void> {
  assert.equal(await project.exec(service, 'id', '-u'), '1000');
  assert.match(await project.exec(service, 'grep', 'CapEff', '/proc/self/status'), /0{16}$/);
  await assert.rejects(project.exec(service, 'touch', '/app/new'), /Read-only file system/);
  await assert.rejects(project.exec(service, 'touch', '/data/host/new'), /Read-only file system/);
  assert.equal(await project.exec(service, 'ls', '/data'), 'host');
}

async function onPage<T>(link: string, act: (page: Page) => Promise<T>): Promise<T> {
  const browser = await openTestBrowser();
  try {
    return await act(await browser.open(link));
  } finally {
    await browser.close();
  }
}

function timeCode(
  page: Page,
  fits: (code: TimeCode) => boolean,
  timeoutMs: number,
): Promise<TimeCode> {
  return waitFor(
    async () => {
      const code = await readTimeCode(page, VIDEO);
      return code !== null && fits(code) && code;
    },
    { timeoutMs, everyMs: 50, what: 'the time code of the cube' },
  );
}
