import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Page } from 'playwright-core';
import { ALLOCATOR } from '../../../native/child-memory.ts';
import {
  InputChannels,
  type ChannelLink,
  type ChannelOwner,
} from '../../../gateway/input-channel/input-channels.ts';
import type { ChannelClosed } from '../../../gateway/protocol/channel.ts';
import type * as InputChannelModule from '../../../web/core/control/input-channel.ts';
import { openPageServer } from '../browser/page-server.ts';
import { openTestBrowser } from '../browser/test-browser.ts';
import { aGrant } from '../gateway/a-gateway-core.ts';
import { waitFor } from '../wait-for.ts';

/** The bundler of the tests rewrites an `import()` in a function. */
const EXPOSE = `import { InputChannel } from '/core/control/input-channel.ts';
window.InputChannel = InputChannel;`;

interface Signal {
  readonly type: string;
  readonly sdp?: string;
}

/** Data channels of a gateway that is left out, in a real child, and a page of a real Chromium. */
export class ChannelStage {
  readonly channels: InputChannels;
  /** Of whoever may control. */
  readonly grant = aGrant({ can: ['watch', 'control'] });
  readonly link: ChannelLink;
  readonly page: Page;
  /** What came by a channel. */
  readonly heard: string[] = [];
  /** What the page was told to be over. */
  readonly closed: ChannelClosed['why'][] = [];
  readonly lines: { readonly msg: string; readonly pid?: number }[];

  private constructor(given: {
    channels: InputChannels;
    page: Page;
    lines: ChannelStage['lines'];
  }) {
    this.channels = given.channels;
    this.page = given.page;
    this.lines = given.lines;
    this.link = this.channels.link(this.grant, this.owner);
  }

  static async open(port = 0): Promise<ChannelStage> {
    const lines: ChannelStage['lines'] = [];
    const log = pino(
      { level: 'debug' },
      { write: (line) => void lines.push(JSON.parse(line) as { msg: string }) },
    );
    const { PATH = '', HOME = '' } = process.env;
    const environment = { PATH, HOME, ...ALLOCATOR };
    const channels = new InputChannels({ port, addresses: ['127.0.0.1'], environment }, log);
    onTestFinished(() => channels.close());
    const pages = await openPageServer();
    onTestFinished(() => pages.close());
    const browser = await openTestBrowser({ viewport: { width: 320, height: 180 } });
    onTestFinished(() => browser.close());
    const page = await browser.open(pages.page('channels'));
    const stage = new ChannelStage({ channels, page, lines });
    await page.exposeFunction('signal', (message: Signal) => {
      if (message.type === 'channel/offer') stage.link.offer(message.sdp ?? '');
      else stage.link.close();
      return true;
    });
    await page.addScriptTag({ type: 'module', content: EXPOSE });
    await page.waitForFunction(() => 'InputChannel' in window);
    await page.evaluate(prepare);
    return stage;
  }

  /** The socket's part: it tells the page. */
  get owner(): ChannelOwner {
    return {
      send: (event) => {
        if (event.type === 'channel/closed') this.closed.push(event.why);
        // A page that is closed hears nothing.
        this.page.evaluate((told) => window.channelTest.tell(told), event).catch(() => undefined);
      },
      hear: (text) => void this.heard.push(text),
    };
  }

  /** The product's client opens channels. */
  async connect(): Promise<void> {
    await this.page.evaluate(() => window.channelTest.channel.want(true));
    await this.isOpen();
  }

  async isOpen(): Promise<void> {
    await waitFor(() => this.page.evaluate(() => window.channelTest.channel.isOpen), {
      timeoutMs: 30_000,
      what: 'open channels',
    });
  }

  async hears(text: string): Promise<void> {
    await waitFor(() => this.heard.includes(text), { timeoutMs: 20_000, what: text });
  }

  /** Process id of the child that is ready for the nth time. */
  async childPid(nth: number): Promise<number> {
    const ready = () => this.lines.filter(({ msg }) => msg === 'input channels ready');
    await waitFor(() => ready().length >= nth, { timeoutMs: 30_000, what: `start ${nth}` });
    return ready().at(nth - 1)?.pid ?? 0;
  }
}

declare global {
  interface Window {
    InputChannel: typeof InputChannelModule.InputChannel;
    signal(message: object): Promise<boolean>;
    channelTest: {
      readonly channel: InputChannelModule.InputChannel;
      tell(event: { readonly type: string }): void;
    };
  }
}

/** Runs in the page. */
function prepare(): void {
  const listeners = new Map<string, (event: never) => void>();
  const channel = new window.InputChannel(
    {
      createPeerConnection: (configuration) => new RTCPeerConnection(configuration),
      random: () => 0,
    },
    {
      send: (message) => {
        void window.signal(message);
        return true;
      },
      on: (type, listener) => {
        listeners.set(type, listener);
        return () => listeners.delete(type);
      },
    },
  );
  window.channelTest = {
    channel,
    tell: (event) => listeners.get(event.type)?.(event as never),
  };
}
