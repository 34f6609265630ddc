import type { Property, XEvent } from 'x11';
import type { X11Connection } from '../x11/x11-connection.ts';
import { encodeXSettings, settingsOf, withResources } from './xsettings.ts';

const RESOURCE_MANAGER = 23;
const STRING = 31;
const SELECTION_CLEAR = 29;
const STRUCTURE_NOTIFY_MASK = 0x2_0000;
const MOST_WORDS = 256 * 1024;

interface Manager {
  readonly window: number;
  readonly property: number;
}

/**
 * How large programs of an X11 display draw. Those that run follow by XSETTINGS, unless another
 * program manages that; those that start later by the resources.
 */
export class X11Scale {
  readonly #x11: X11Connection;
  #manager: Manager | null = null;
  #former: string | null = null;
  #scale = 1;
  #serial = 0;

  constructor(x11: X11Connection) {
    this.#x11 = x11;
  }

  /** 1 is 96 dpi. */
  async set(scale: number): Promise<void> {
    if (scale === this.#scale) return;
    this.#scale = scale;
    const resources = await this.#readResources();
    this.#former ??= resources;
    this.#writeResources(withResources(resources, scale));
    this.#manager ??= await this.#manage();
    this.#announce(scale);
  }

  /** As it was before the first `set`. */
  async restore(): Promise<void> {
    if (this.#former === null) return;
    this.#writeResources(this.#former);
    this.#former = null;
    this.#scale = 1;
    this.#announce(1);
    await this.#x11.ask((reply) => this.#x11.client.GetGeometry(this.#x11.root, reply));
  }

  async #readResources(): Promise<string> {
    const { client, root } = this.#x11;
    const { data } = await this.#x11.ask<Property>((reply) =>
      client.GetProperty(0, root, RESOURCE_MANAGER, STRING, 0, MOST_WORDS, reply),
    );
    return data.toString('latin1');
  }

  #writeResources(text: string): void {
    const { client, root } = this.#x11;
    client.ChangeProperty(0, root, RESOURCE_MANAGER, STRING, 8, Buffer.from(text, 'latin1'));
  }

  /** Null: somebody else is the manager. */
  async #manage(): Promise<Manager | null> {
    const { client, root } = this.#x11;
    const [selection, property, message] = await Promise.all([
      this.#x11.atom('_XSETTINGS_S0'),
      this.#x11.atom('_XSETTINGS_SETTINGS'),
      this.#x11.atom('MANAGER'),
    ]);
    const owner = (): Promise<number> =>
      this.#x11.ask((reply) => client.GetSelectionOwner(selection, reply));
    if ((await owner()) !== 0) return null;
    const window = this.#x11.newWindow();
    const time = await this.#x11.time(window);
    client.SetSelectionOwner(window, selection, time);
    if ((await owner()) !== window) return null;
    const stop = this.#x11.listen((event: XEvent) => {
      if (event.type !== SELECTION_CLEAR || event.owner !== window) return;
      stop();
      this.#x11.destroyWindow(window);
      this.#manager = null;
    });
    this.#manager = { window, property };
    this.#announce(this.#scale);
    client.SendEvent(root, 0, STRUCTURE_NOTIFY_MASK, {
      ...{ name: 'ClientMessage', seq: 0, format: 32, wid: root },
      ...{ message_type: message, data: [time, selection, window, 0, 0] },
    });
    return this.#manager;
  }

  #announce(scale: number): void {
    if (this.#manager === null) return;
    const { window, property } = this.#manager;
    this.#serial += 1;
    const value = encodeXSettings(settingsOf(scale), this.#serial);
    this.#x11.client.ChangeProperty(0, window, property, property, 8, value);
  }
}
