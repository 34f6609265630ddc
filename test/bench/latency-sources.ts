import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { paintMovingPicture } from '../support/browser/moving-picture.ts';
import { openPageServer } from '../support/browser/page-server.ts';
import { endPageSessions, publishFromPage } from '../support/browser/page-session.ts';
import { openTestBrowser } from '../support/browser/test-browser.ts';
import { HostProcess } from '../support/host/host-process.ts';
import { openVirtualDisplay } from '../support/host/virtual-display.ts';
import type { Place } from './latency-glass.ts';
import type { LatencyStage } from './latency-stage.ts';
import { childrenOf } from './process-tree.ts';

export interface WantedPicture {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly kbps: number;
}

/** Something with a time code that is published, until it is closed. */
export interface LiveSource {
  /** Roots of the process trees that publish it, for their CPU. */
  readonly processes: Readonly<Record<string, number>>;
  /** The X11 screen on which its time code is; null: none. */
  readonly screen: (Place & { readonly display: string }) | null;
  close(): Promise<void>;
}

export interface HostOptions {
  readonly room: string;
  readonly picture: WantedPicture;
  /** More options of `npm run host`. */
  readonly argv?: readonly string[];
  /** More of its variables. */
  readonly settings?: Readonly<Record<string, string>>;
}

const PAINTER = fileURLToPath(new URL('latency-painter-main.ts', import.meta.url));
/** More often than any capture, so that the picture's own age is small. */
const PAINTER_FPS = 120;
const PAINTER_HEIGHT = 240;

/** Starts the product's host as users do; `cube` unless `argv` says otherwise. */
export function startHost(
  stage: LatencyStage,
  { room, picture, argv = [], settings = {} }: HostOptions,
): HostProcess {
  const { width, height, fps, kbps } = picture;
  return new HostProcess(['--gateway', stage.gateway.url, '--room', room, ...argv], {
    CS_TOKEN: stage.gateway.mint(room, ['publish', 'host'], 'host'),
    CS_WIDTH: String(width),
    CS_HEIGHT: String(height),
    CS_FPS: String(fps),
    CS_BITRATE_KBPS: String(kbps),
    ...settings,
  });
}

/** A host that has published its first packet. */
export async function openHost(stage: LatencyStage, options: HostOptions): Promise<LiveSource> {
  const host = startHost(stage, options);
  try {
    await host.live();
  } catch (error) {
    host.kill('SIGKILL');
    throw error;
  }
  return {
    processes: {
      agent: host.pid,
      ...(host.mediaPid === undefined ? {} : { media: host.mediaPid }),
    },
    screen: null,
    close: async () => {
      await host.close();
    },
  };
}

/** A host that publishes an Xvfb's screen, on which an X client paints the time code 120 times a second. */
export async function openDesktop(stage: LatencyStage, options: HostOptions): Promise<LiveSource> {
  const { width, height } = options.picture;
  const display = await openVirtualDisplay({ width, height });
  const closing = [() => display.close()];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    const size = [width, PAINTER_HEIGHT, PAINTER_FPS].map(String);
    const painter = fork(PAINTER, [display.name, ...size]);
    const ended = once(painter, 'exit');
    closing.push(async () => {
      if (painter.connected) painter.disconnect();
      await ended;
    });
    const failed = ended.then(() => Promise.reject(new Error('the painter ended')));
    failed.catch(() => undefined);
    await Promise.race([once(painter, 'message'), failed]);
    const argv = ['--source', 'desktop', '--display', display.name, '--audio', 'none'];
    const host = await openHost(stage, { ...options, argv: [...(options.argv ?? []), ...argv] });
    closing.push(() => host.close());
    const screen = { display: display.name, x: 0, y: 0, width };
    return { processes: host.processes, screen, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A canvas with the same time code, published by another Chromium: what browsers reach. */
export async function openPage(stage: LatencyStage, options: HostOptions): Promise<LiveSource> {
  const { width, height, fps, kbps } = options.picture;
  const known = new Set(childrenOf(process.pid));
  const [pages, browser] = await Promise.all([openPageServer(), openTestBrowser()]);
  const [pid] = childrenOf(process.pid).filter((child) => !known.has(child));
  const page = await browser.open(pages.page('publisher'));
  const close = async (): Promise<void> => {
    await endPageSessions(page);
    await browser.close();
    await pages.close();
  };
  try {
    await paintMovingPicture(page, { shown: false, width, height, framesPerSecond: fps });
    await publishFromPage(page, {
      url: `${stage.gateway.url}/whip/${options.room}`,
      bearer: stage.gateway.mint(options.room, ['publish'], 'page'),
      maxBitsPerSecond: kbps * 1000,
      startBitsPerSecond: kbps * 1000,
    });
  } catch (error) {
    await close();
    throw error;
  }
  const processes = pid === undefined ? {} : { 'publishing Chromium': pid };
  return { processes, screen: null, close };
}
