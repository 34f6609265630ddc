import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { paintMovingPicture } from '../support/browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../support/browser/page-server.ts';
import {
  endPageSessions,
  publishFromPage,
  watchFromPage,
  type PublishOptions,
} from '../support/browser/page-session.ts';
import {
  readInbound,
  readOutbound,
  type InboundStats,
  type OutboundStats,
} from '../support/browser/peer-connections.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { UdpRelay } from '../support/net/udp-relay.ts';
import type { MediaServer } from './media-server.ts';

/** A page with its own stretch of network between it and the media server. */
export interface Seat {
  readonly name: string;
  readonly page: Page;
  readonly link: UdpRelay;
}

/** Counters of everybody on the stage, read at nearly one moment. */
export interface Snapshot {
  readonly atMs: number;
  readonly published: OutboundStats;
  readonly watched: ReadonlyMap<string, InboundStats>;
}

interface Parts {
  readonly browser: TestBrowser;
  readonly pages: PageServer;
}

interface Seats {
  readonly publisher: Seat;
  readonly viewers: readonly Seat[];
}

/** One publisher page and viewer pages in a real Chromium, each behind a relay of its own. */
export class Stage {
  readonly publisher: Seat;
  readonly viewers: readonly Seat[];
  readonly #browser: TestBrowser;
  readonly #pages: PageServer;

  private constructor(
    parts: { readonly browser: TestBrowser; readonly pages: PageServer },
    seats: Seats,
  ) {
    this.#browser = parts.browser;
    this.#pages = parts.pages;
    this.publisher = seats.publisher;
    this.viewers = seats.viewers;
  }

  /** Publishes 720p30 H.264 at about 2 Mbit/s with a tone, and lets the named viewers watch it. */
  static async open(
    server: MediaServer,
    viewerNames: readonly string[],
    publishing: Pick<PublishOptions, 'fitsUplink'> = {},
  ): Promise<Stage> {
    const pages = await openPageServer();
    const browser = await openTestBrowser({ viewport: { width: 320, height: 180 } });
    try {
      const seats = await sitDown(server, viewerNames, publishing, { browser, pages });
      return new Stage({ browser, pages }, seats);
    } catch (error) {
      await browser.close();
      await pages.close();
      throw error;
    }
  }

  async snapshot(): Promise<Snapshot> {
    const [published, ...watched] = await Promise.all([
      readOutbound(this.publisher.page),
      ...this.viewers.map(({ page }) => readInbound(page)),
    ]);
    const named = this.viewers.map(({ name }, at) => [name, watched[at]] as const);
    return {
      atMs: performance.now(),
      published,
      watched: new Map(
        named.filter((entry): entry is [string, InboundStats] => entry[1] !== undefined),
      ),
    };
  }

  /** Snapshots at the start and after each second: `seconds` + 1 of them. */
  async watchFor(seconds: number): Promise<Snapshot[]> {
    const startedAt = performance.now();
    const snapshots = [await this.snapshot()];
    for (let second = 1; second <= seconds; second += 1) {
      await delay(Math.max(0, startedAt + second * 1000 - performance.now()));
      snapshots.push(await this.snapshot());
    }
    return snapshots;
  }

  async close(): Promise<void> {
    const seats = [this.publisher, ...this.viewers];
    await Promise.allSettled(seats.map(({ page }) => endPageSessions(page)));
    await this.#browser.close();
    await Promise.all(seats.map(({ link }) => link.close()));
    await this.#pages.close();
  }
}

async function sitDown(
  server: MediaServer,
  viewerNames: readonly string[],
  publishing: Pick<PublishOptions, 'fitsUplink'>,
  { browser, pages }: Parts,
): Promise<Seats> {
  const query = `app=bench&stream=s${Date.now().toString(36)}`;
  const sit = async (name: string): Promise<Seat> => ({
    name,
    page: await browser.open(pages.page(name)),
    link: await UdpRelay.open({ targetPort: server.mediaPort }),
  });
  const publisher = await sit('publisher');
  await paintMovingPicture(publisher.page, { shown: false });
  await publishFromPage(publisher.page, {
    ...publishing,
    url: `${server.apiUrl}/rtc/v1/whip/?${query}`,
    relayPort: publisher.link.port,
    maxBitsPerSecond: 2_200_000,
    startBitsPerSecond: 2_200_000,
  });
  const viewers: Seat[] = [];
  for (const name of viewerNames) {
    const viewer = await sit(name);
    const url = `${server.apiUrl}/rtc/v1/whep/?${query}`;
    await watchFromPage(viewer.page, { url, relayPort: viewer.link.port });
    viewers.push(viewer);
  }
  return { publisher, viewers };
}
