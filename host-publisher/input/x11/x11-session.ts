import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Display, ScreenSaver, Xkb, Xtest } from 'x11';
import type { Device } from '../../../gateway/protocol/control.ts';
import type { Size } from '../../cursor/picture-place.ts';
import type { ControlOptions } from '../control-options.ts';
import type { Injection } from '../injection.ts';
import type { Area } from './picture-point.ts';
import { X11Keyboard } from './x11-keyboard.ts';
import { X11Pointer } from './x11-pointer.ts';
import { connect, extension } from '../../x11/connect.ts';
import { ask } from '../../x11/query.ts';
import { X11Window } from './x11-window.ts';

const STRUCTURE_NOTIFY = 1 << 17;
const ALL_BUTTONS = [1, 2, 3, 8, 9];

export interface X11Options {
  readonly display: string;
  /** Id, title or part of it of the one window that is controlled; null: the whole desktop. */
  readonly window: string | null;
  readonly control: Pick<ControlOptions, 'keyboardMode' | 'keyboardLayout'>;
  /** The published picture, into which the screen or the window is fitted. */
  readonly picture: () => Size;
  readonly say: (line: string) => void;
}

/** The display is there and takes no input from programs. */
export class NoInputError extends Error {}

/** Input to one display as long as the connection holds. */
export class X11Session {
  readonly #options: X11Options;
  readonly #display: Display;
  readonly #root: number;
  readonly #xtest: Xtest;
  #keyboard: X11Keyboard | null = null;
  #window: X11Window | null = null;
  #saver: ScreenSaver | null = null;
  readonly #pointer: X11Pointer;
  #screen: Area = { x: 0, y: 0, width: 1, height: 1 };
  #isAwake = false;
  readonly #lost = Promise.withResolvers<undefined>();

  /** @throws NoInputError without XTEST or without the window; Error while the display is away. */
  static async open(options: X11Options): Promise<X11Session> {
    const display = await connect(options.display);
    const { client } = display;
    const xtest = await extension<Xtest>((reply) => client.require('xtest', reply));
    if (xtest === null) {
      client.close();
      throw new NoInputError(
        `Display ${options.display} has no XTEST extension: it can be watched, but not controlled.`,
      );
    }
    const session = new X11Session(options, display, xtest);
    await session.#begin();
    return session;
  }

  private constructor(options: X11Options, display: Display, xtest: Xtest) {
    this.#options = options;
    this.#display = display;
    this.#xtest = xtest;
    this.#root = display.screen[0]?.root ?? 0;
    this.#pointer = new X11Pointer({
      client: display.client,
      xtest,
      root: this.#root,
      area: () => this.#window?.area ?? this.#screen,
      picture: options.picture,
      isConfined: options.window !== null,
    });
    display.client.on('error', (error: { error?: number }) => {
      if (error.error === undefined) this.#lost.resolve(undefined);
    });
    display.client.on('end', () => this.#lost.resolve(undefined));
  }

  /** Resolves when the display is gone. */
  get lost(): Promise<undefined> {
    return this.#lost.promise;
  }

  get devices(): readonly Device[] {
    return this.#keyboard === null ? ['pointer'] : ['pointer', 'keyboard'];
  }

  /** A promise where the act has to wait for something. */
  apply(act: Injection): Promise<void> | undefined {
    const isPress = act.type === 'text' || act.type === 'wheel' || ('down' in act && act.down);
    if (this.#window === null || !isPress) return this.#apply(act);
    return this.#applyIn(this.#window, act);
  }

  /** Calls back when the display has had all of it. */
  sync(done: () => void): void {
    this.#display.client.sync(() => done());
  }

  /** While somebody has it the screen is not blanked. */
  stayAwake(isAwake: boolean): void {
    if (isAwake !== this.#isAwake) this.#saver?.Suspend(isAwake);
    this.#isAwake = isAwake;
  }

  /** Gives back what keycodes were lent, if the display is still there. */
  async close(): Promise<void> {
    this.#keyboard?.close();
    const { client } = this.#display;
    const gone = new Promise<void>((resolve) => client.sync(() => client.close(resolve)));
    await Promise.race([this.lost, gone]);
  }

  async #begin(): Promise<void> {
    const { client } = this.#display;
    const { window, display, control, say } = this.#options;
    if (control.keyboardLayout !== null) await setLayout(display, control.keyboardLayout, say);
    const [xkb, saver] = await Promise.all([
      extension<Xkb>((reply) => client.require('xkb', reply)),
      extension<ScreenSaver>((reply) => client.require('screen-saver', reply)),
    ]);
    this.#saver = saver;
    const xtest = this.#xtest;
    const mode = control.keyboardMode;
    if (xkb !== null) this.#keyboard = await X11Keyboard.open({ client, xtest, xkb, mode });
    await this.#releaseLeftovers();
    client.ChangeWindowAttributes(this.#root, { eventMask: STRUCTURE_NOTIFY });
    client.on('event', ({ name, wid }: { name?: string; wid?: number }) => {
      if (name === 'ConfigureNotify' && wid === this.#root) void this.#measure();
    });
    await this.#measure();
    if (window === null) return;
    this.#window = await X11Window.find(this.#display, window);
    if (this.#window === null) {
      client.close();
      throw new Error(`There is no window ${window} on display ${display}.`);
    }
  }

  /** What a process that died left down; what a person holds down on a real keyboard stays. */
  async #releaseLeftovers(): Promise<void> {
    const { client } = this.#display;
    const xtest = this.#xtest;
    const keys = await ask<Buffer>((reply) => client.QueryKeymap(reply));
    for (const [index, bits] of (keys ?? Buffer.alloc(0)).entries()) {
      for (let bit = 0; bit < 8; bit += 1) {
        if ((bits & (1 << bit)) === 0) continue;
        xtest.FakeInput(xtest.KeyRelease, index * 8 + bit, 0, 0, 0, 0);
      }
    }
    for (const button of ALL_BUTTONS) xtest.FakeInput(xtest.ButtonRelease, button, 0, 0, 0, 0);
  }

  async #measure(): Promise<void> {
    const size = await ask<Size>((reply) => this.#display.client.GetGeometry(this.#root, reply));
    if (size !== null) this.#screen = { x: 0, y: 0, width: size.width, height: size.height };
  }

  /** Nothing is typed or clicked into what is beside the window. */
  async #applyIn(window: X11Window, act: Injection): Promise<void> {
    const isKey = act.type === 'key' || act.type === 'text';
    if (await (isKey ? window.focus() : window.uncover())) await this.#apply(act);
  }

  #apply(act: Injection): Promise<void> | undefined {
    switch (act.type) {
      case 'key':
        return this.#keyboard?.key(act.code, act.keysym, act.down);
      case 'text':
        return this.#keyboard?.text(act.text);
      case 'button':
        this.#pointer.button(act);
        break;
      case 'move':
        this.#pointer.move(act);
        break;
      case 'travel':
        this.#pointer.travel(act);
        break;
      case 'wheel':
        this.#pointer.wheel(act);
        break;
      case 'touch':
        this.#pointer.touch(act);
        break;
      case 'gamepad':
        break;
      default:
        act satisfies never;
    }
    return undefined;
  }
}

async function setLayout(
  display: string,
  layouts: string,
  say: (line: string) => void,
): Promise<void> {
  const parts = layouts.split(',').map((part) => /^([^(]+)(?:\((.+)\))?$/.exec(part));
  const [layout, variant] = [1, 2].map((at) => parts.map((part) => part?.[at] ?? '').join());
  const options = ['-display', display, '-layout', layout ?? '', '-variant', variant ?? ''];
  try {
    await promisify(execFile)('setxkbmap', options);
  } catch {
    say(`The keyboard layout stays as it is: setxkbmap did not set ${layouts}.`);
  }
}
