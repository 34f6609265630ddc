import type {
  ClipboardKind,
  ClipboardOffer,
  ClipboardPart,
  ClipboardRefused,
  ClipboardWant,
} from '../../protocol/clipboard.ts';
import type { ClipboardHost } from './clipboard-host.ts';
import { lets, refusalOf } from './clipboard-policy.ts';
import type { ClipboardParts } from './clipboard-to-host.ts';
import { ContentReader } from './content-reader.ts';
import type { InputViewer } from './input-viewer.ts';
import { PartOutlet } from './part-outlet.ts';

/**
 * What the host's clipboard has, for the holder of the keyboard. It hears of what was copied since
 * it holds it, and gets what it asked for; nobody else hears of anything.
 */
export class ClipboardFromHost {
  readonly #parts: ClipboardParts;
  readonly #reader = new ContentReader();
  #outlet: PartOutlet | null = null;
  #offered: { readonly id: number; readonly kinds: readonly ClipboardKind[] } | null = null;
  #wanted: ClipboardWant | null = null;

  constructor(parts: ClipboardParts) {
    this.#parts = parts;
  }

  /** `holder`: of the keyboard. */
  hearOffer({ id, kinds }: ClipboardOffer, holder: InputViewer | null): void {
    const allowed = [...new Set(kinds)].filter((kind) => this.#lets(kind));
    this.#offered = holder === null || allowed.length === 0 ? null : { id, kinds: allowed };
    if (this.#offered !== null) holder?.send({ type: 'clipboard/offer', id, kinds: allowed });
  }

  hearWant(viewer: InputViewer, want: ClipboardWant, host: ClipboardHost | null): void {
    const why = this.#refusalOf(viewer, want);
    if (why !== null || host === null) {
      viewer.send(refusalOf(want.id, why ?? 'gone'));
      return;
    }
    this.#outlet?.clear();
    this.#reader.forget();
    this.#wanted = want;
    host.send(want);
  }

  /** What nobody wants any more is dropped. */
  hearPart(part: ClipboardPart, holder: InputViewer | null, host: ClipboardHost): void {
    const { id, kind } = part;
    if (holder === null || this.#wanted?.id !== id || this.#wanted.kind !== kind) return;
    const verdict = this.#lets(kind) ? this.#reader.read(part) : 'not-allowed';
    if (verdict === 'dropped') return;
    if (verdict !== 'next' && verdict !== 'last') {
      this.#refuse(holder, verdict, host);
      return;
    }
    if (!this.#outletTo(holder).push(part)) this.#refuse(holder, 'too-many', host);
    else if (verdict === 'last') this.#parts.onContent('passed');
  }

  /** The host does not give what was wanted. */
  hearHostRefused(refused: ClipboardRefused, holder: InputViewer | null): void {
    if (this.#wanted?.id !== refused.id) return;
    holder?.send(refused);
    this.#drop();
  }

  /** Whoever wanted it does not any more. */
  hearRefused(viewer: InputViewer, refused: ClipboardRefused, host: ClipboardHost | null): void {
    if (this.#parts.control.holderOf('keyboard') !== viewer) return;
    if (this.#wanted?.id !== refused.id) return;
    host?.send(refused);
    this.#drop();
  }

  /** Nobody holds the keyboard any more who did, or the host is gone (null). */
  end(host: ClipboardHost | null): void {
    if (this.#wanted !== null) host?.send(refusalOf(this.#wanted.id, 'gone'));
    this.#drop();
    this.#offered = null;
    this.#outlet = null;
  }

  #refusalOf(viewer: InputViewer, { id, kind }: ClipboardWant): ClipboardRefused['why'] | null {
    if (this.#parts.control.holderOf('keyboard') !== viewer) return 'not-holder';
    if (!this.#lets(kind)) return 'not-allowed';
    return this.#offered?.id === id && this.#offered.kinds.includes(kind) ? null : 'gone';
  }

  #refuse(holder: InputViewer, why: ClipboardRefused['why'], host: ClipboardHost): void {
    if (this.#wanted === null) return;
    const refused = refusalOf(this.#wanted.id, why);
    this.#drop();
    host.send(refused);
    holder.send(refused);
    this.#parts.onContent(why);
  }

  #drop(): void {
    this.#wanted = null;
    this.#reader.drop();
    this.#outlet?.clear();
  }

  #lets(kind: ClipboardKind): boolean {
    return lets(this.#parts.control.policy.clipboardFromHost, kind);
  }

  #outletTo(viewer: InputViewer): PartOutlet {
    if (this.#outlet?.channel !== viewer) {
      this.#outlet?.clear();
      this.#outlet = new PartOutlet(viewer, this.#parts.backlog);
    }
    return this.#outlet;
  }
}
