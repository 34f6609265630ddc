import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { chromiumPath } from '../browser/chromium-path.ts';
import { waitFor } from '../wait-for.ts';

/** What a program on the display was told by its X server. */
export interface WitnessedEvent {
  readonly type: string;
  readonly key?: string;
  readonly code?: string;
  readonly button?: number;
  readonly x?: number;
  readonly y?: number;
  readonly movementX?: number;
  readonly movementY?: number;
  readonly deltaX?: number;
  readonly deltaY?: number;
  readonly modifiers?: string;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>witness</title>
<style>html,body,textarea{margin:0;height:100%;width:100%;border:0;outline:0;box-sizing:border-box;overflow:hidden}
textarea{height:50%;font:24px sans-serif;padding:8px;resize:none}
#pad{height:50%;background:#3465a4}</style>
<textarea id="text"></textarea><div id="pad"></div>
<script>
const events = (window.witnessed = []);
const modifiers = (e) => ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'].filter((m) => e.getModifierState?.(m)).join('+');
const note = (e) => events.push({
  type: e.type, key: e.key, code: e.code, button: e.button, x: e.clientX, y: e.clientY,
  movementX: e.movementX, movementY: e.movementY, deltaX: e.deltaX, deltaY: e.deltaY, modifiers: modifiers(e),
});
for (const type of ['keydown', 'keyup', 'mousedown', 'mouseup', 'mousemove', 'click', 'dblclick', 'contextmenu'])
  addEventListener(type, note, true);
addEventListener('wheel', (e) => { note(e); e.preventDefault(); }, { capture: true, passive: false });
addEventListener('contextmenu', (e) => e.preventDefault());
</script>`;

/** A real program on an X display, over all of its screen: a browser page that tells what it received. */
export class BrowserWitness {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(parts: { page: Page; context: BrowserContext; profile: string }) {
    this.page = parts.page;
    this.#context = parts.context;
    this.#profile = parts.profile;
  }

  /** Starts it and waits until it has the keyboard's focus. */
  static async open(display: string): Promise<BrowserWitness> {
    const profile = mkdtempSync(join(tmpdir(), 'witness-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: await chromiumPath(),
      headless: false,
      viewport: null,
      permissions: ['clipboard-read', 'clipboard-write'],
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--kiosk', '--window-position=0,0'],
      ignoreDefaultArgs: ['--enable-automation'],
      env: { ...process.env, DISPLAY: display },
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.setContent(PAGE);
    const witness = new BrowserWitness({ page, context, profile });
    await waitFor(() => page.evaluate(() => document.hasFocus()), {
      timeoutMs: 15_000,
      what: 'the focus of the display',
    });
    return witness;
  }

  /** All that came since the last `forget`. */
  events(): Promise<WitnessedEvent[]> {
    return this.page.evaluate(() => (window as unknown as Witnessed).witnessed);
  }

  async forget(): Promise<void> {
    await this.page.evaluate(() => void (window as unknown as Witnessed).witnessed.splice(0));
  }

  /** Empties the text and gives it the focus. */
  async clearText(): Promise<void> {
    await this.page.locator('#text').fill('');
    await this.page.locator('#text').focus();
  }

  text(): Promise<string> {
    return this.page.locator('#text').inputValue();
  }

  /** Waits until the text is this. */
  async hasText(expected: string): Promise<void> {
    let text = '';
    await waitFor(
      async () => {
        text = await this.text();
        return text === expected;
      },
      { timeoutMs: 20_000, what: `the text ${JSON.stringify(expected)}` },
    ).catch((cause: unknown) => {
      throw new Error(`the text is ${JSON.stringify(text)}`, { cause });
    });
  }

  /** Waits for events of which this is true. */
  hears(what: string, is: (events: readonly WitnessedEvent[]) => boolean): Promise<boolean> {
    return waitFor(async () => is(await this.events()), { timeoutMs: 20_000, what });
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}

interface Witnessed {
  readonly witnessed: WitnessedEvent[];
}
