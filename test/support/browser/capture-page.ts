import type { Page } from 'playwright-core';
import type { InputFrame } from '../../../gateway/protocol/input.ts';
import type * as CaptureModule from '../../../web/core/control/input-capture.ts';
import type * as SenderModule from '../../../web/core/control/input-sender.ts';
import type * as ClipboardModule from '../../../web/core/control/system-clipboard.ts';
import type * as ObservableModule from '../../../web/core/observable.ts';
import type * as PictureModule from '../../../web/core/picture-view.ts';

/** What a page of {@link openCapture} lets a test do. */
export interface CapturePage {
  readonly frames: InputFrame[];
  readonly pasted: string[];
  readonly sender: SenderModule.InputSender;
  readonly capture: CaptureModule.InputCapture;
  lease(epoch: number | null): void;
}

declare global {
  interface Window {
    capturePage?: CapturePage;
    coreModules?: typeof CaptureModule &
      typeof SenderModule &
      typeof ClipboardModule &
      typeof ObservableModule &
      typeof PictureModule;
  }
}

const MODULES = [
  'control/input-capture',
  'control/input-sender',
  'control/system-clipboard',
  'observable',
  'picture-view',
];

/**
 * Puts a stage with a 640 x 360 picture, which fills the middle of 800 x 360 pixels, into a page, and
 * the product's capture over it; its frames are kept in `window.capturePage`.
 */
export async function openCapture(page: Page): Promise<void> {
  // As text: a test runner rewrites imports within functions.
  const imports = MODULES.map((path) => `import('/core/${path}.ts')`).join();
  await page.evaluate(
    `Promise.all([${imports}]).then((all) => { window.coreModules = Object.assign({}, ...all); })`,
  );
  await page.evaluate(startCapture);
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
}

/** Runs in the page, so it may use nothing of this file. */
async function startCapture(): Promise<void> {
  const { coreModules } = window;
  if (coreModules === undefined) throw new Error('the modules come first');
  const { InputCapture, InputSender, Observable, SystemClipboard, nextFrame, viewOfVideo } =
    coreModules;
  const stage = document.createElement('div');
  stage.style.cssText = 'position:absolute;left:50px;top:20px;width:800px;height:360px';
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  canvas.getContext('2d')?.fillRect(0, 0, 640, 360);
  const video = document.createElement('video');
  video.muted = true;
  video.style.cssText = 'width:100%;height:100%;object-fit:contain;display:block';
  video.srcObject = canvas.captureStream(10);
  const button = document.createElement('button');
  button.style.cssText = 'position:absolute;left:0;top:500px';
  button.textContent = 'elsewhere';
  stage.append(video);
  document.body.append(stage, button);
  await video.play();

  const frames: InputFrame[] = [];
  const pasted: string[] = [];
  const sender = new InputSender({ nextFrame, mark: () => null });
  sender.useWay({
    isClear: true,
    losesMotion: false,
    send: (frame) => void frames.push(structuredClone(frame)),
  });
  const exchange = {
    offered: new Observable(null),
    send: async (content: Blob) => {
      pasted.push(await content.text());
      return { result: 'taken' as const };
    },
  };
  // No more of an exchange is used here.
  const clipboard = new SystemClipboard(exchange as never, null);
  const capture = new InputCapture({
    ...{ stage, picture: viewOfVideo(video), sender, clipboard, label: 'Keys of the host' },
    hostWidth: () => 1_280,
    keeps: (event) => event.key === 'F2',
    pinched: () => undefined,
  });
  const lease = (epoch: number | null) =>
    sender.setLeases({ pointer: epoch, keyboard: epoch, gamepad: epoch });
  lease(1);
  window.capturePage = { frames, pasted, sender, capture, lease };
}

/** The frames that a page made so far. */
export const framesOf = (page: Page): Promise<InputFrame[]> =>
  page.evaluate(() => window.capturePage?.frames ?? []);
