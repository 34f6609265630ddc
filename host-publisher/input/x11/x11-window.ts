import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Display } from 'x11';
import type { Area } from './picture-point.ts';
import { ask, isSameClient, readText } from '../../x11/query.ts';

const STRUCTURE_NOTIFY = 1 << 17;
const LOOK_MS = 20;
/** A window manager has so long to bring it to the front. */
const RAISE_MS = 500;
const TO_PARENT = 2;
/** A pager's wish, which window managers follow. */
const PAGER = 2;

/** One window that is controlled, and nothing beside it. */
export class X11Window {
  readonly #client: Client;
  readonly #display: Display;
  readonly #root: number;
  readonly id: number;
  #frame = 0;
  #area: Area = { x: 0, y: 0, width: 1, height: 1 };

  /** The one with this id or with this in its title; null: there is none. */
  static async find(display: Display, wanted: string): Promise<X11Window | null> {
    const { client } = display;
    const root = display.screen[0]?.root ?? 0;
    const all = await below(client, root);
    const id = /^(0x[0-9a-f]+|\d+)$/i.test(wanted) ? Number(wanted) : null;
    const named = await Promise.all(
      all.map(async (window) => ({ window, title: await readText(client, window, 'WM_NAME') })),
    );
    const found =
      all.find((window) => window === id) ??
      named.find(({ title }) => title === wanted)?.window ??
      named.find(({ title }) => title !== '' && title.includes(wanted))?.window;
    if (found === undefined) return null;
    const window = new X11Window(display, root, found);
    await window.#begin();
    return window;
  }

  private constructor(display: Display, root: number, id: number) {
    this.#display = display;
    this.#client = display.client;
    this.#root = root;
    this.id = id;
  }

  get area(): Area {
    return this.#area;
  }

  /** Gives it the keys, if it has them not; false: it does not get them. */
  async focus(): Promise<boolean> {
    return this.#until(async () => {
      const focus = await ask<{ focus: number }>((reply) => this.#client.GetInputFocus(reply));
      return focus !== null && this.#owns(focus.focus);
    });
  }

  /** Brings it under the pointer, if something else is there; false: that stays. */
  async uncover(): Promise<boolean> {
    return this.#until(async () => {
      const under = await ask<{ child: number }>((reply) =>
        this.#client.QueryPointer(this.#root, reply),
      );
      return under !== null && (under.child === this.#frame || this.#owns(under.child));
    });
  }

  async #begin(): Promise<void> {
    this.#client.ChangeWindowAttributes(this.id, { eventMask: STRUCTURE_NOTIFY });
    this.#client.on('event', ({ name, wid }: { name?: string; wid?: number }) => {
      if (name === 'ConfigureNotify' || name === 'ReparentNotify') {
        if (wid === this.id || wid === this.#frame) void this.#look();
      }
    });
    await this.#look();
  }

  async #look(): Promise<void> {
    const [size, place] = await Promise.all([
      ask<{ width: number; height: number }>((reply) => this.#client.GetGeometry(this.id, reply)),
      ask<{ destX: number; destY: number }>((reply) =>
        this.#client.TranslateCoordinates(this.id, this.#root, 0, 0, reply),
      ),
    ]);
    let frame = this.id;
    for (;;) {
      const child = frame;
      const tree = await ask<{ parent: number }>((reply) => this.#client.QueryTree(child, reply));
      if (tree === null || tree.parent === this.#root || tree.parent === 0) break;
      frame = tree.parent;
    }
    if (frame !== this.#frame && frame !== this.id) {
      this.#client.ChangeWindowAttributes(frame, { eventMask: STRUCTURE_NOTIFY });
    }
    this.#frame = frame;
    if (size === null || place === null) return;
    this.#area = { x: place.destX, y: place.destY, width: size.width, height: size.height };
  }

  /** Its own menus and dialogues are it, too. */
  #owns(window: number): boolean {
    return window === this.id || isSameClient(this.#display, window, this.id);
  }

  async #until(isThere: () => Promise<boolean>): Promise<boolean> {
    if (await isThere()) return true;
    await this.#raise();
    const endsAtMs = performance.now() + RAISE_MS;
    while (performance.now() < endsAtMs) {
      if (await isThere()) return true;
      await delay(LOOK_MS);
    }
    return false;
  }

  /** By the window manager, if there is one. */
  async #raise(): Promise<void> {
    const client = this.#client;
    const [active, manager] = await Promise.all(
      ['_NET_ACTIVE_WINDOW', '_NET_SUPPORTING_WM_CHECK'].map((name) =>
        ask<number>((reply) => client.InternAtom(false, name, reply)),
      ),
    );
    const check = await ask<{ data: Buffer }>((reply) =>
      client.GetProperty(0, this.#root, manager ?? 0, 0, 0, 1, reply),
    );
    if (check !== null && check.data.length >= 4) {
      client.SendClientMessage(this.#root, this.id, active ?? 0, 32, [PAGER, 0, 0]);
      return;
    }
    client.RaiseWindow(this.#frame);
    client.SetInputFocus(this.id, TO_PARENT);
  }
}

async function below(client: Client, window: number): Promise<readonly number[]> {
  const tree = await ask<{ children: readonly number[] }>((reply) =>
    client.QueryTree(window, reply),
  );
  const children = tree?.children ?? [];
  const deeper = await Promise.all(children.map((child) => below(client, child)));
  return [...children, ...deeper.flat()];
}
