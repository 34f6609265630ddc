import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import type { ClientSession, Destination } from './client-session.ts';
import type * as pageClients from './page-clients.ts';
import type { PlayerName, PublisherName } from './page-clients.ts';

declare global {
  interface Window {
    /** The clients of `page-clients.ts`, after `loadClients`. */
    publicClients: typeof pageClients;
    clientSession?: ClientSession;
  }
}

const ENTRY = fileURLToPath(new URL('./page-clients.ts', import.meta.url));
let bundled: Promise<string> | undefined;

/** Brings the public clients into a page. */
export async function loadClients(page: Page): Promise<void> {
  bundled ??= bundle();
  await page.addScriptTag({ content: await bundled });
}

/** Publishes `window.movingPicture.stream` of the page, or its tracks of one kind. */
export function publishBy(
  page: Page,
  name: PublisherName,
  to: Destination,
  kind: 'audio' | 'video' | 'both' = 'both',
): Promise<void> {
  return page.evaluate(
    async ([client, destination, only]) => {
      const tracks = window.movingPicture?.stream.getTracks();
      if (tracks === undefined) throw new Error('paintMovingPicture comes first');
      const stream = new MediaStream(
        tracks.filter((track) => only === 'both' || track.kind === only),
      );
      window.clientSession = await window.publicClients.publishers[client](destination, stream);
    },
    [name, to, kind] as const,
  );
}

/** Plays in a new `<video>` of the page. */
export function playBy(page: Page, name: PlayerName, from: Destination): Promise<void> {
  return page.evaluate(
    async ([client, source]) => {
      const video = document.createElement('video');
      video.autoplay = true;
      document.body.append(video);
      window.clientSession = await window.publicClients.players[client](source, video);
    },
    [name, from] as const,
  );
}

/** Ends the session as the client itself does. */
export function stopClient(page: Page): Promise<void> {
  return page.evaluate(() => window.clientSession?.stop());
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: ENTRY, formats: ['iife'], name: 'publicClients', fileName: 'clients' },
    },
  });
  const [output] = [built].flat();
  if (output === undefined || !('output' in output)) throw new Error('nothing was bundled');
  return output.output[0].code;
}
