import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { readAudioLevel } from '../../support/browser/audio-level.ts';
import { usePhoneCameras } from '../../support/browser/phone-cameras.ts';
import { samplePicture, waitForMovingPicture } from '../../support/browser/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Phone, negotiations } from '../camera/phone.ts';
import { Theatre, waitForState } from '../theatre.ts';

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

async function startCamera(room: string, isPhone = false): Promise<Page> {
  const page = await phone.openCamera(theatre.gateway, room, '?mode=direct');
  if (isPhone) await usePhoneCameras(page);
  await page.getByTestId('start').click();
  await waitForState(page, 'live');
  return page;
}

function openWatch(room: string): Promise<Page> {
  const token = theatre.gateway.token({ sub: 'viewer', room, can: ['watch'] });
  const address = `${theatre.gateway.url}/watch/${room}?source=camera&mode=direct#token=${token}`;
  return theatre.browser.open(address);
}

async function watch(room: string): Promise<Page> {
  const page = await openWatch(room);
  await waitForState(page, 'live', 30_000);
  await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 20_000 });
  return page;
}

const overlayText = (page: Page): Promise<string | null> =>
  page.getByTestId('overlay').textContent();

test('[DIR-01] a phone sends picture and sound directly to two viewers, and the node has no part in it', async () => {
  const room = theatre.newRoom();
  const camera = await startCamera(room);
  const [first] = [await watch(room), await watch(room)];
  await waitFor(async () => (await readAudioLevel(first, { selector: VIDEO })).rms > 0.005, {
    timeoutMs: 20_000,
    what: 'the beep of the fake microphone',
  });
  await waitFor(
    async () => (await camera.getByTestId('notice').textContent())?.includes('2 viewers'),
    { what: 'the phone to count two viewers' },
  );
  const token = theatre.gateway.token({ sub: 'viewer', room, can: ['watch'] });
  const reply = await fetch(`${theatre.gateway.url}/api/v1/rooms/${room}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const view = (await reply.json()) as { sources: readonly { live: boolean }[] };
  expect(view.sources.filter(({ live }) => live)).toEqual([]);
});

test('[DIR-02] the camera is switched while live, without a word to the other side', async () => {
  const room = theatre.newRoom();
  const camera = await startCamera(room, true);
  const viewer = await watch(room);
  const before = await negotiations(camera);
  const isBlue = async () => {
    const [red, , blue] = (await samplePicture(viewer, VIDEO)).meanColour;
    return blue > red + 40;
  };
  expect(await isBlue()).toBe(false);
  await camera.getByTestId('switch').click();
  await waitFor(isBlue, { timeoutMs: 20_000, what: 'the front camera at the viewer' });
  expect(await negotiations(camera)).toEqual(before);
});

test('[DIR-03] a viewer who comes first waits, and sees the picture when the phone starts', async () => {
  const room = theatre.newRoom();
  const viewer = await openWatch(room);
  await waitForState(viewer, 'waiting');
  await startCamera(room);
  await waitForState(viewer, 'live', 30_000);
  await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 20_000 });
});

test('[DIR-04] a phone that stops says goodbye: the viewer is told and stops; asked again, it waits', async () => {
  const room = theatre.newRoom();
  const camera = await startCamera(room);
  const viewer = await watch(room);
  await camera.getByTestId('stop').click();
  await waitForState(viewer, 'failed');
  expect(await viewer.locator('main').getAttribute('data-problem')).toBe('sender-left');
  expect(await overlayText(viewer)).toContain('has left');
  await viewer.getByTestId('start-again').click();
  await waitForState(viewer, 'waiting');
  await camera.getByTestId('start').click();
  await waitForState(viewer, 'live', 30_000);
});

test('[DIR-05] a phone that dies: the viewer reads "connection lost" and sees it again when it is back', async () => {
  const room = theatre.newRoom();
  const other = await Phone.open();
  const dying = await other.openCamera(theatre.gateway, room, '?mode=direct');
  await dying.getByTestId('start').click();
  await waitForState(dying, 'live');
  const viewer = await watch(room);
  await other.kill();
  await waitFor(
    async () => (await viewer.locator('main').getAttribute('data-problem')) === 'connection-lost',
    { timeoutMs: 30_000, what: 'the loss' },
  );
  expect(await overlayText(viewer)).toContain('connection was lost');
  await waitFor(async () => await canStart(room), {
    timeoutMs: 60_000,
    what: 'the place to be free',
  });
  await waitForState(viewer, 'live', 30_000);
  await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 20_000 });
});

/** Starts another camera in the room, unless the place is still held. */
async function canStart(room: string): Promise<boolean> {
  const page = await phone.openCamera(theatre.gateway, room, '?mode=direct');
  await page.getByTestId('start').click();
  const state = await waitFor(
    async () => {
      const now = await page.locator('main').getAttribute('data-state');
      return (now === 'live' || now === 'failed') && now;
    },
    { timeoutMs: 20_000, what: 'a camera that started, or did not' },
  );
  if (state === 'failed') await page.close();
  return state === 'live';
}

test('[DIR-06] a viewer that dies: the phone goes on with the others and says how many', async () => {
  const room = theatre.newRoom();
  const camera = await startCamera(room);
  const stays = await watch(room);
  const dies = await watch(room);
  await waitFor(
    async () => (await camera.getByTestId('notice').textContent())?.includes('2 viewers'),
    { what: 'two viewers' },
  );
  await dies.close();
  await waitFor(
    async () => (await camera.getByTestId('notice').textContent())?.includes('one viewer'),
    { timeoutMs: 30_000, what: 'one viewer' },
  );
  await waitForMovingPicture(stays, { selector: VIDEO });
  expect(await camera.locator('main').getAttribute('data-state')).toBe('live');
});
