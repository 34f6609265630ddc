import type { Fixes, XEvent } from 'x11';
import type { ClipboardKind } from '../../gateway/protocol/clipboard.ts';
import { X11Connection } from '../x11/x11-connection.ts';
import { ClipboardFailure, type Clipboard } from './clipboard.ts';
import { readSelection } from './selection-read.ts';
import { SelectionOwner, type Form } from './selection-owner.ts';

const PRIMARY = 1;
const OWNER_CHANGED = 0;
const ALL_NOTICES = 7;
/** A program may put one thing there several times over. */
const LOOK_MS = 100;
const MOST_TARGETS_BYTES = 4 * 1024;

/** Targets by what they hold, best first. */
const TARGETS: Readonly<Record<ClipboardKind, readonly string[]>> = {
  'text/plain': ['UTF8_STRING', 'text/plain;charset=utf-8', 'STRING'],
  'image/png': ['image/png'],
};
/** What a password manager says of a content that nobody else should see. */
const SECRET = 'x-kde-passwordManagerHint';

const LATIN_1 = /^[\0-\u00ff]*$/;

export interface X11ClipboardParts {
  readonly display: string;
  /** Another program has put something there; not told of what is a password manager's. */
  readonly onOffer: (kinds: readonly ClipboardKind[]) => void;
  readonly onLost: () => void;
}

/** The CLIPBOARD selection of an X11 display; what is written also goes to PRIMARY where it is text. */
export class X11Clipboard implements Clipboard {
  readonly #parts: X11ClipboardParts;
  readonly #x11: X11Connection;
  readonly #owner: SelectionOwner;
  readonly #selection: number;
  readonly #firstEvent: number;
  #targets: ReadonlySet<string> = new Set();
  #changes = 0;
  #looking = false;
  #pause: NodeJS.Timeout | undefined;

  static async open(parts: X11ClipboardParts): Promise<X11Clipboard> {
    const x11 = await X11Connection.open(parts.display);
    try {
      const fixes = await x11.ask<Fixes>((reply) => x11.client.require('fixes', reply));
      const selection = await x11.atom('CLIPBOARD');
      const owner = await SelectionOwner.open(x11);
      fixes.SelectSelectionInput(owner.window, selection, ALL_NOTICES);
      return new X11Clipboard(parts, x11, owner, selection, fixes.firstEvent);
    } catch (error) {
      x11.close();
      throw error;
    }
  }

  private constructor(
    parts: X11ClipboardParts,
    x11: X11Connection,
    owner: SelectionOwner,
    selection: number,
    firstEvent: number,
  ) {
    this.#parts = parts;
    this.#x11 = x11;
    this.#owner = owner;
    this.#selection = selection;
    this.#firstEvent = firstEvent;
    x11.listen((event) => this.#hear(event));
    void x11.lost.then(() => {
      this.close();
      parts.onLost();
    });
  }

  async read(kind: ClipboardKind, mostBytes: number): Promise<Buffer> {
    const target = TARGETS[kind].find((name) => this.#targets.has(name));
    if (target === undefined) {
      throw new ClipboardFailure('gone', 'It is not in the clipboard any more.');
    }
    const atom = await this.#x11.atom(target);
    const bytes = await this.#readTarget(atom, mostBytes);
    if (kind !== 'text/plain') return bytes;
    return Buffer.from(bytes.toString(target === 'STRING' ? 'latin1' : 'utf8'));
  }

  async write(kind: ClipboardKind, bytes: Buffer): Promise<void> {
    const forms = new Map<number, Form>();
    const [utf8 = 0, text = 0, plain = 0, plainUtf8 = 0, png = 0, string = 0] = await Promise.all(
      [
        'UTF8_STRING',
        'TEXT',
        'text/plain',
        TARGETS['text/plain'][1] ?? '',
        'image/png',
        'STRING',
      ].map((name) => this.#x11.atom(name)),
    );
    if (kind === 'image/png') forms.set(png, { type: png, bytes });
    else {
      forms.set(utf8, { type: utf8, bytes });
      forms.set(plainUtf8, { type: plainUtf8, bytes });
      forms.set(plain, { type: plain, bytes });
      forms.set(text, { type: utf8, bytes });
      const words = bytes.toString();
      if (LATIN_1.test(words))
        forms.set(string, { type: string, bytes: Buffer.from(words, 'latin1') });
    }
    // Terminals paste PRIMARY with Shift+Insert and the middle button.
    const selections = kind === 'image/png' ? [this.#selection] : [this.#selection, PRIMARY];
    await this.#owner.own(selections, forms);
  }

  close(): void {
    clearTimeout(this.#pause);
    this.#owner.close();
    this.#x11.close();
  }

  #readTarget(target: number, mostBytes: number): Promise<Buffer> {
    return readSelection(this.#x11, { selection: this.#selection, target, mostBytes });
  }

  /** XFixes calls its notice SelectionNotify, as the core protocol calls another. */
  #hear({ type, selection, owner, subtype }: XEvent): void {
    if (type !== this.#firstEvent || selection !== this.#selection) return;
    this.#targets = new Set();
    this.#changes += 1;
    const isNew = subtype === OWNER_CHANGED && owner !== 0 && owner !== this.#owner.window;
    if (isNew && !this.#looking) void this.#look();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const seen = this.#changes;
    const targets = await this.#readTargets().catch(() => new Set<string>());
    if (seen === this.#changes) this.#tell(targets);
    this.#pause = setTimeout(() => {
      this.#looking = false;
      if (seen !== this.#changes) void this.#lookAgain();
    }, LOOK_MS);
  }

  /** It changed while it was looked at. */
  async #lookAgain(): Promise<void> {
    const owner = await this.#x11
      .ask<number>((reply) => this.#x11.client.GetSelectionOwner(this.#selection, reply))
      .catch(() => 0);
    if (owner !== 0 && owner !== this.#owner.window && !this.#looking) await this.#look();
  }

  #tell(targets: ReadonlySet<string>): void {
    this.#targets = targets;
    const kinds = (Object.keys(TARGETS) as ClipboardKind[]).filter((kind) =>
      TARGETS[kind].some((name) => targets.has(name)),
    );
    if (kinds.length > 0 && !targets.has(SECRET)) this.#parts.onOffer(kinds);
  }

  async #readTargets(): Promise<ReadonlySet<string>> {
    const list = await this.#readTarget(await this.#x11.atom('TARGETS'), MOST_TARGETS_BYTES);
    const atoms = new Uint32Array(Math.floor(list.length / 4)).map((_, at) =>
      list.readUInt32LE(at * 4),
    );
    const names = await Promise.all(
      [...atoms].map((atom) =>
        this.#x11.ask<string>((reply) => this.#x11.client.GetAtomName(atom, reply)).catch(() => ''),
      ),
    );
    return new Set(names);
  }
}
