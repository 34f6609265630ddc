import type { Mode, RandR } from 'x11';
import type { PictureSize } from '../../gateway/protocol/host.ts';
import type { X11Connection } from '../x11/x11-connection.ts';
import { isSameSize } from './fit-screen.ts';

/** Outputs of Xvfb, of TigerVNC, and of Xorg's dummy driver: nobody sits in front of them. */
const VIRTUAL = /^(screen|VNC-\d+|DUMMY\d+)$/;
const CONNECTED = 0;
const UPRIGHT = 1;
const MODE_PREFIX = 'pixelcast-';
const MM_PER_INCH = 25.4;
const DPI = 96;

interface Output {
  readonly id: number;
  readonly crtc: number;
  readonly name: string;
}

/** The one screen of an X11 display, that takes modes made for it (RandR 1.2). */
export class X11Screen {
  readonly #x11: X11Connection;
  readonly #randr: RandR;
  readonly #output: Output;
  readonly largest: PictureSize;
  readonly #first: number;

  /** Null where the display has several screens, or none that can be changed. */
  static async open(x11: X11Connection): Promise<X11Screen | null> {
    const randr = await x11
      .ask<RandR>((reply) => x11.client.require('randr', reply))
      .catch(() => null);
    if (randr === null) return null;
    const { outputs } = await x11.ask<{ readonly outputs: readonly number[] }>((reply) =>
      randr.GetScreenResourcesCurrent(x11.root, reply),
    );
    const found: Output[] = [];
    for (const id of outputs) {
      const info = await x11.ask<{ name: string; crtc: number; connection: number }>((reply) =>
        randr.GetOutputInfo(id, 0, reply),
      );
      if (info.connection === CONNECTED && info.crtc !== 0) found.push({ id, ...info });
    }
    const [output, second] = found;
    if (output === undefined || second !== undefined) return null;
    const [{ mode }, { maxWidth, maxHeight }] = await Promise.all([
      x11.ask<{ readonly mode: number }>((reply) => randr.GetCrtcInfo(output.crtc, 0, reply)),
      x11.ask<{ readonly maxWidth: number; readonly maxHeight: number }>((reply) =>
        randr.GetScreenSizeRange(x11.root, reply),
      ),
    ]);
    return new X11Screen(x11, randr, output, { width: maxWidth, height: maxHeight }, mode);
  }

  private constructor(
    x11: X11Connection,
    randr: RandR,
    output: Output,
    largest: PictureSize,
    first: number,
  ) {
    this.#x11 = x11;
    this.#randr = randr;
    this.#output = output;
    this.largest = largest;
    this.#first = first;
  }

  get isVirtual(): boolean {
    return VIRTUAL.test(this.#output.name);
  }

  /** Its size now. */
  size(): Promise<PictureSize> {
    return this.#x11.ask((reply) => this.#x11.client.GetGeometry(this.#x11.root, reply));
  }

  /** Gives it this size; fails with the server's error. */
  async resize(size: PictureSize): Promise<void> {
    if (isSameSize(await this.size(), size)) return;
    const known = (await this.#modes()).find((mode) => isSameSize(mode, size));
    await this.#switch(known?.id ?? (await this.#newMode(size)), size);
  }

  /** Gives it the mode that it had at first, and removes those that were made for it. */
  async restore(): Promise<void> {
    const first = (await this.#modes()).find(({ id }) => id === this.#first);
    if (first !== undefined) await this.#switch(first.id, first);
  }

  async #modes(): Promise<readonly Mode[]> {
    const { modeinfos } = await this.#x11.ask<{ readonly modeinfos: readonly Mode[] }>((reply) =>
      this.#randr.GetScreenResourcesCurrent(this.#x11.root, reply),
    );
    return modeinfos;
  }

  async #newMode({ width, height }: PictureSize): Promise<number> {
    // No picture tube is behind it: the timings need only add up.
    const timing = {
      ...{ dot_clock: 60 * width * height, h_skew: 0, modeflags: 0 },
      ...{ h_sync_start: width, h_sync_end: width, h_total: width },
      ...{ v_sync_start: height, v_sync_end: height, v_total: height },
    };
    const name = `${MODE_PREFIX}${width}x${height}`;
    const mode = await this.#x11.ask<number>((reply) =>
      this.#randr.CreateMode(this.#x11.root, { width, height, name, ...timing }, reply),
    );
    this.#randr.AddOutputMode(this.#output.id, mode);
    return mode;
  }

  /** Nobody else sees it between its sizes: the screen must hold both while the mode changes. */
  async #switch(mode: number, size: PictureSize): Promise<void> {
    const { client, root } = this.#x11;
    const former = await this.size();
    client.GrabServer();
    try {
      this.#setSize({
        width: Math.max(size.width, former.width),
        height: Math.max(size.height, former.height),
      });
      const { crtc, id } = this.#output;
      const { status } = await this.#x11.ask<{ readonly status: number }>((reply) =>
        this.#randr.SetCrtcConfig(crtc, 0, 0, 0, 0, mode, UPRIGHT, [id], reply),
      );
      this.#setSize(status === 0 ? size : former);
      if (status !== 0) throw new Error('The X server does not take this mode.');
    } finally {
      client.UngrabServer();
    }
    await this.#x11.ask((reply) => client.GetGeometry(root, reply));
    await this.#removeOthers(mode);
  }

  #setSize({ width, height }: PictureSize): void {
    const mm = (pixels: number): number => Math.round((pixels / DPI) * MM_PER_INCH);
    this.#randr.SetScreenSize(this.#x11.root, width, height, mm(width), mm(height));
  }

  async #removeOthers(used: number): Promise<void> {
    for (const { id, name } of await this.#modes()) {
      if (id === used || id === this.#first || !name.startsWith(MODE_PREFIX)) continue;
      this.#randr.DeleteOutputMode(this.#output.id, id);
      this.#randr.DestroyMode(id);
    }
  }
}
