import type { Page } from 'playwright-core';
import type { EncodedPicture, HostFigures } from '../../gateway/protocol/host.ts';
import type { ToMedia } from '../../host-publisher/media/messages.ts';
import type { MediaPlan } from '../../host-publisher/media/plan.ts';
import { openPageServer, type PageServer } from '../support/browser/page-server.ts';
import { endPageSessions, watchFromPage } from '../support/browser/page-session.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { MediaPublication } from '../support/host/media-publication.ts';
import { UdpRelay } from '../support/net/udp-relay.ts';
import { recordFrames } from './latency-frames.ts';
import type { MediaServer } from './media-server.ts';
import { AdaptationTrace } from './adaptation-trace.ts';

const SAMPLE_MS = 250;

/** From a moment on, the uplink is so wide; or the host is told something. */
export interface StageEvent {
  readonly atSeconds: number;
  readonly uplinkKbps?: number;
  readonly message?: ToMedia;
}

export interface StageRun {
  readonly plan: MediaPlan;
  readonly seconds: number;
  readonly events: readonly StageEvent[];
}

/** A Chromium that watches a host which publishes through a relay. */
export class AdaptationStage {
  readonly #server: MediaServer;
  readonly #browser: TestBrowser;
  readonly #pages: PageServer;
  #runs = 0;

  private constructor(server: MediaServer, browser: TestBrowser, pages: PageServer) {
    this.#server = server;
    this.#browser = browser;
    this.#pages = pages;
  }

  static async open(server: MediaServer): Promise<AdaptationStage> {
    const pages = await openPageServer();
    const browser = await openTestBrowser({ viewport: { width: 320, height: 180 } });
    return new AdaptationStage(server, browser, pages);
  }

  /** Publishes and watches anew, lets the events happen, and traces it all. */
  async run({ plan, seconds, events }: StageRun): Promise<AdaptationTrace> {
    this.#runs += 1;
    const { apiUrl, mediaPort } = this.#server;
    const query = `app=bench&stream=adaptation-${process.pid}-${this.#runs}`;
    const relay = await UdpRelay.open({ targetPort: mediaPort });
    const trace = new AdaptationTrace();
    const page = await this.#browser.open(this.#pages.page('viewer'));
    let host: MediaPublication | null = null;
    try {
      const [first] = events;
      setUplink(relay, trace, first);
      host = await MediaPublication.open({
        plan,
        url: `${apiUrl}/rtc/v1/whip/?${query}`,
        relayPort: relay.port,
        onFigures: (figures: HostFigures) => trace.hostTold(figures),
        onPicture: (picture: EncodedPicture) => trace.pictureTold(picture),
      });
      await watchFromPage(page, { url: `${apiUrl}/rtc/v1/whep/?${query}`, relayPort: mediaPort });
      const recorded = recordFrames(page, 'video', seconds);
      const happened = playOut(events.slice(1), { relay, host, trace });
      await sampleFor(seconds, relay, trace);
      await happened;
      trace.watched(await recorded, await negotiations(page));
      return trace;
    } finally {
      await endPageSessions(page);
      await page.close();
      await host?.close();
      await relay.close();
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#pages.close();
  }
}

interface Players {
  readonly relay: UdpRelay;
  readonly host: MediaPublication;
  readonly trace: AdaptationTrace;
}

function playOut(events: readonly StageEvent[], { relay, host, trace }: Players): Promise<unknown> {
  return Promise.all(
    events.map(
      (event) =>
        new Promise<void>((resolve) => {
          setTimeout(() => {
            setUplink(relay, trace, event);
            if (event.message !== undefined) host.send(event.message);
            resolve();
          }, event.atSeconds * 1000);
        }),
    ),
  );
}

function setUplink(relay: UdpRelay, trace: AdaptationTrace, event: StageEvent | undefined): void {
  if (event?.uplinkKbps === undefined) return;
  relay.setToTarget({ bitsPerSecond: event.uplinkKbps * 1000 });
  trace.uplinkChanged(event.uplinkKbps);
}

function sampleFor(seconds: number, relay: UdpRelay, trace: AdaptationTrace): Promise<void> {
  trace.begin(relay.stats.toTarget.deliveredBytes);
  const untilMs = performance.now() + seconds * 1000;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      trace.sample(relay.stats.toTarget.deliveredBytes);
      if (performance.now() < untilMs) return;
      clearInterval(timer);
      resolve();
    }, SAMPLE_MS);
  });
}

/** Offers and answers that the page's connections have had; 1: none after the first. */
function negotiations(page: Page): Promise<number> {
  return page.evaluate(() => (window.testPeers ?? []).length);
}
