import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { readAudioLevel } from '../../support/browser/audio-level.ts';
import { usePhoneCameras } from '../../support/browser/phone-cameras.ts';
import { samplePicture, waitForMovingPicture } from '../../support/browser/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Theatre, waitForState } from '../theatre.ts';
import { Phone, negotiations } from './phone.ts';

const VIDEO = '[data-testid="video"]';
let theatre: Theatre;
let phone: Phone;

beforeAll(async () => {
  theatre = await Theatre.open();
  phone = await Phone.open();
});
afterEach(async () => {
  for (const page of phone.context.pages()) await page.close();
  await theatre.clear();
});
afterAll(async () => {
  await phone.close();
  await theatre.close();
});

async function startCamera(room: string, query = ''): Promise<Page> {
  const page = await phone.openCamera(theatre.gateway, room, query);
  await page.getByTestId('start').click();
  await waitForState(page, 'live');
  return page;
}

async function watchCamera(room: string): Promise<Page> {
  const token = theatre.gateway.token({ sub: 'viewer', room, can: ['watch'] });
  const page = await theatre.browser.open(
    `${theatre.gateway.url}/watch/${room}?source=camera#token=${token}`,
  );
  await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 20_000 });
  return page;
}

async function startPhoneCamera(room: string): Promise<Page> {
  const page = await phone.openCamera(theatre.gateway, room);
  await usePhoneCameras(page);
  await page.getByTestId('start').click();
  await waitForState(page, 'live');
  return page;
}

async function waitForColour(page: Page, colour: 'red' | 'blue'): Promise<void> {
  await waitFor(
    async () => {
      const [red, , blue] = (await samplePicture(page, VIDEO)).meanColour;
      return colour === 'red' ? red > blue + 40 : blue > red + 40;
    },
    { timeoutMs: 20_000, what: `the ${colour} camera` },
  );
}

const sizeOf = (page: Page, selector = VIDEO): Promise<string> =>
  page.evaluate((wanted) => {
    const video = document.querySelector<HTMLVideoElement>(wanted);
    return `${video?.videoWidth}x${video?.videoHeight}`;
  }, selector);

test('[CAM-01] a phone sends picture and sound by WHIP, and a viewer sees and hears it', async () => {
  const room = theatre.newRoom();
  const camera = await startCamera(room);
  const viewer = await watchCamera(room);
  await waitFor(async () => (await readAudioLevel(viewer, { selector: VIDEO })).rms > 0.005, {
    timeoutMs: 20_000,
    what: 'the beep of the fake microphone',
  });
  await camera.getByTestId('panel-toggle').click();
  const link = await camera.getByTestId('watch-link').inputValue();
  expect(link).toContain(`/watch/${room}?source=camera#token=`);
});

test('[CAM-02] the camera is switched and size and rate are changed while live, in the same session', async () => {
  const room = theatre.newRoom();
  const camera = await startPhoneCamera(room);
  const viewer = await watchCamera(room);
  const before = await negotiations(camera);
  await waitForColour(viewer, 'red');

  await camera.getByTestId('switch').click();
  await waitForColour(viewer, 'blue');
  expect(await camera.locator('.camera-stage').getAttribute('data-mirrored')).toBe('true');
  await camera.getByTestId('switch').click();
  await waitForColour(viewer, 'red');

  await camera.getByTestId('panel-toggle').click();
  await camera.getByTestId('choice-fps').selectOption('15');
  for (const [size, shown] of [
    ['1920x1080', '1920x1080'],
    ['640x480', '640x360'],
  ] as const) {
    await camera.getByTestId('choice-size').selectOption(size);
    await waitFor(async () => (await sizeOf(camera, 'video')) === shown, {
      what: `a preview of ${shown}`,
    });
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 20_000 });
  }
  expect(await negotiations(camera)).toEqual(before);
  expect(await camera.locator('main').getAttribute('data-state')).toBe('live');
  expect(await camera.evaluate(() => window.phoneCameras?.open)).toBe(1);
});

test('[CAM-03] sound goes off and on while live: the microphone is given back, the session stays', async () => {
  const room = theatre.newRoom();
  const camera = await startCamera(room);
  const viewer = await watchCamera(room);
  const before = await negotiations(camera);
  const isLoud = async () => (await readAudioLevel(viewer, { selector: VIDEO })).rms > 0.005;
  await waitFor(isLoud, { timeoutMs: 20_000, what: 'sound' });

  await camera.getByTestId('sound').click();
  await waitFor(async () => (await readAudioLevel(viewer, { selector: VIDEO })).rms === 0, {
    timeoutMs: 20_000,
    what: 'silence',
  });
  await camera.getByTestId('sound').click();
  await waitFor(isLoud, { timeoutMs: 20_000, what: 'sound again' });
  expect(await negotiations(camera)).toEqual(before);
});

test('[CAM-04] a phone that turns: the picture at the viewer turns with it, in the same session', async () => {
  const room = theatre.newRoom();
  const camera = await startPhoneCamera(room);
  const viewer = await watchCamera(room);
  const shape = async () => {
    const [width = 0, height = 0] = (await sizeOf(viewer)).split('x').map(Number);
    return Math.sign(width - height);
  };
  const before = await negotiations(camera);
  for (const [isUpright, wanted] of [
    [true, -1],
    [false, 1],
  ] as const) {
    await camera.evaluate((turned) => window.phoneCameras?.turn(turned), isUpright);
    await waitFor(async () => (await shape()) === wanted, {
      timeoutMs: 20_000,
      what: isUpright ? 'an upright picture' : 'a wide picture',
    });
  }
  expect(await negotiations(camera)).toEqual(before);
});

test('[CAM-07] torch and zoom are there where the camera has them, and stay when the size changes', async () => {
  const camera = await startPhoneCamera(theatre.newRoom());
  const lens = () =>
    camera.evaluate(() => [window.phoneCameras?.torch, window.phoneCameras?.zoom] as const);
  await camera.getByTestId('torch').click();
  await camera.getByTestId('zoom').fill('3');
  await waitFor(async () => (await lens()).join() === 'true,3', { what: 'torch and zoom' });
  await camera.getByTestId('panel-toggle').click();
  await camera.getByTestId('choice-size').selectOption('640x480');
  await waitFor(async () => (await lens()).join() === 'true,3', { what: 'them again' });

  await camera.getByTestId('switch').click();
  await camera.getByTestId('torch').waitFor({ state: 'detached' });
  await camera.getByTestId('zoom').waitFor({ state: 'detached' });
});

test('[CAM-05] a camera that is refused, or missing, is named in a sentence, and pressing again works', async () => {
  const room = theatre.newRoom();
  const camera = await phone.openCamera(theatre.gateway, room);
  await camera.evaluate(() => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const failures = ['NotAllowedError', 'NotAllowedError', 'NotFoundError', 'NotFoundError'];
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const name = failures.shift();
      if (name !== undefined) throw new DOMException('as the person chose', name);
      return await real(constraints);
    };
  });
  for (const problem of ['camera-denied', 'camera-missing']) {
    await camera.getByTestId('start').click();
    await waitFor(
      async () => (await camera.locator('main').getAttribute('data-problem')) === problem,
      { what: problem },
    );
    expect(await camera.getByTestId('notice').getAttribute('role')).toBe('alert');
  }
  await camera.getByTestId('start').click();
  await waitForState(camera, 'live');
});

test('[CAM-06] on a phone all that is pressed lies at the bottom, within the screen', async () => {
  const camera = await startCamera(theatre.newRoom());
  for (const id of ['sound', 'stop', 'panel-toggle']) {
    const box = await camera.getByTestId(id).boundingBox();
    expect(box, id).not.toBeNull();
    if (box === null) continue;
    expect(box.x, id).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width, id).toBeLessThanOrEqual(390);
    expect(box.y, id).toBeGreaterThan(760 / 2);
    expect(box.y + box.height, id).toBeLessThanOrEqual(760);
    expect(Math.min(box.width, box.height), id).toBeGreaterThanOrEqual(44);
  }
});
