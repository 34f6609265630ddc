import type { Page } from 'playwright-core';
import { openTestBrowser, type TestBrowser } from '../browser/test-browser.ts';

declare global {
  interface Window {
    contractPeer?: RTCPeerConnection;
  }
}

/** Chromium as a WHIP client: its close says goodbye by DTLS, which test peers do not always. */
export class BrowserPublisher {
  readonly #browser: TestBrowser;
  readonly #page: Page;

  private constructor(browser: TestBrowser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  /** Publishes a painted canvas; resolves when connected. */
  static async connect(exchange: (offer: string) => Promise<string>): Promise<BrowserPublisher> {
    const browser = await openTestBrowser();
    const page = await browser.open('about:blank');
    const publisher = new BrowserPublisher(browser, page);
    try {
      const offer = await page.evaluate(offerFromPage);
      await page.evaluate(acceptInPage, await exchange(offer));
      return publisher;
    } catch (error) {
      await publisher.close();
      throw error;
    }
  }

  /** `pc.close()`, as a page does that is left on purpose. */
  async leave(): Promise<void> {
    await this.#page.evaluate(() => window.contractPeer?.close());
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

/** Runs in the page. */
async function offerFromPage(): Promise<string> {
  const canvas = document.createElement('canvas');
  const paint = canvas.getContext('2d');
  setInterval(() => paint?.fillRect(Math.random() * 300, Math.random() * 150, 9, 9), 40);
  const stream = canvas.captureStream(25);
  const peer = new RTCPeerConnection();
  window.contractPeer = peer;
  for (const track of stream.getVideoTracks()) {
    peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  }
  await peer.setLocalDescription();
  await new Promise<void>((resolve) => {
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === 'complete') resolve();
    };
  });
  return peer.localDescription?.sdp ?? '';
}

/** Runs in the page. */
async function acceptInPage(answer: string): Promise<void> {
  const peer = window.contractPeer;
  if (peer === undefined) throw new Error('no peer was made');
  await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  await new Promise<void>((resolve, reject) => {
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === 'connected') resolve();
      if (peer.connectionState === 'failed') reject(new Error('the connection failed'));
    };
  });
}
