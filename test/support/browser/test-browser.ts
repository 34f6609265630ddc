import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromiumPath } from './chromium-path.ts';
import { recordPeerConnections } from './peer-connections.ts';

/** What answers a page's getDisplayMedia without a person. */
export type TabCapture =
  /** The asking tab itself, asked with `preferCurrentTab: true`. */
  { readonly kind: 'this-tab' } | { readonly kind: 'tab'; readonly title: string };

export interface TestBrowserOptions {
  readonly capture?: TabCapture;
  /** Fake camera and microphone; Chromium refuses them together with `capture`. */
  readonly fakeDevices?: boolean;
  /** Needs a display, for example Xvfb. */
  readonly headed?: boolean;
  /** The X11 display of a headed one; that of this process when absent. */
  readonly display?: string;
  /** Sound without a gesture, unless it is left to the browser. */
  readonly autoplay?: 'always' | 'as-the-browser-does';
  readonly args?: readonly string[];
  /** Started in place of Chromium, with its arguments. */
  readonly launcher?: string;
  /** 1280 x 720 when absent. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface TestBrowser {
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** Opens a page whose uncaught errors end up in `pageErrors`. */
  open(url: string): Promise<Page>;
  readonly pageErrors: readonly string[];
  close(): Promise<void>;
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  // Without it ICE towards 127.0.0.1 stays at "checking".
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

const AUTOPLAY = '--autoplay-policy=no-user-gesture-required';

/** A Chromium with an empty profile, whose pages keep their peer connections for inspection. */
export async function openTestBrowser(options: TestBrowserOptions = {}): Promise<TestBrowser> {
  const headed = options.headed ?? false;
  const browser = await chromium.launch({
    executablePath: options.launcher ?? (await chromiumPath()),
    headless: !headed,
    ...(options.display === undefined ? {} : { env: { ...process.env, DISPLAY: options.display } }),
    // Muted tabs are captured in silence.
    ignoreDefaultArgs: ['--mute-audio'],
    args: [
      ...(headed ? [] : ['--headless=new']),
      ...FLAGS,
      ...(options.autoplay === 'as-the-browser-does' ? [] : [AUTOPLAY]),
      ...captureFlags(options),
      ...(options.args ?? []),
    ],
  });
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 720 },
  });
  await recordPeerConnections(context);
  const pageErrors: string[] = [];
  return {
    browser,
    context,
    pageErrors,
    open: async (url) => {
      const page = await context.newPage();
      page.on('pageerror', (error) => pageErrors.push(`${page.url()}: ${error.message}`));
      await page.goto(url);
      return page;
    },
    close: () => browser.close(),
  };
}

function captureFlags({ capture, fakeDevices }: TestBrowserOptions): string[] {
  if (capture !== undefined && fakeDevices === true) {
    throw new Error('The fake-device flags make tab capture fail with NotReadableError.');
  }
  if (fakeDevices === true) {
    return ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  }
  if (capture === undefined) return [];
  return capture.kind === 'this-tab'
    ? ['--auto-accept-this-tab-capture']
    : [`--auto-select-tab-capture-source-by-title=${capture.title}`];
}
