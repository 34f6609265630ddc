import type { Damage } from 'x11';
import { X11Connection } from './x11-connection.ts';

const NON_EMPTY = 3;

/** Tells that a desktop or a window has changed, by the DAMAGE extension. */
export class ScreenChanges {
  readonly #x11: X11Connection;
  readonly #extension: Damage;
  readonly #damage: number;

  /**
   * `windowId` null: the whole desktop. `onChange` is called once, and again only after {@link hear}.
   * @returns null: the display has no such extension.
   */
  static async open(
    display: string,
    windowId: number | null,
    onChange: () => void,
  ): Promise<ScreenChanges | null> {
    const x11 = await X11Connection.open(display);
    try {
      const extension = await x11.ask<Damage>((reply) => x11.client.require('damage', reply));
      return new ScreenChanges(x11, extension, windowId, onChange);
    } catch {
      x11.close();
      return null;
    }
  }

  private constructor(
    x11: X11Connection,
    extension: Damage,
    windowId: number | null,
    onChange: () => void,
  ) {
    this.#x11 = x11;
    this.#extension = extension;
    this.#damage = x11.client.AllocID();
    x11.listen(({ name, damage }) => {
      if (name === 'DamageNotify' && damage === this.#damage) onChange();
    });
    extension.Create(this.#damage, windowId ?? x11.root, NON_EMPTY);
  }

  /** Has the next change told. */
  hear(): void {
    if (this.#x11.isOpen) this.#extension.Subtract(this.#damage, 0, 0);
  }

  close(): void {
    this.#x11.close();
  }
}
