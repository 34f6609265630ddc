import type { ClipboardPart, ClipboardRefused, ClipboardTaken } from '../../protocol/clipboard.ts';
import type { ClipboardBacklog } from './clipboard-backlog.ts';
import type { ClipboardHost } from './clipboard-host.ts';
import { lets, refusalOf } from './clipboard-policy.ts';
import { ContentReader } from './content-reader.ts';
import type { InputControl } from './input-control.ts';
import type { InputViewer } from './input-viewer.ts';
import { PartOutlet } from './part-outlet.ts';

export interface ClipboardParts {
  readonly control: InputControl;
  readonly backlog: ClipboardBacklog;
  /** A content went over as a whole, or was refused. */
  readonly onContent: (result: 'passed' | ClipboardRefused['why']) => void;
}

/** What the holder of the keyboard puts into the clipboard of the host. */
export class ClipboardToHost {
  readonly #parts: ClipboardParts;
  readonly #reader = new ContentReader();
  /** The last content of each viewer that was refused: the rest of it is dropped without a word. */
  readonly #refused = new WeakMap<InputViewer, number>();
  #outlet: PartOutlet | null = null;
  /** Of which the host has heard, and which it has not answered. */
  #open: { readonly id: number; readonly viewer: InputViewer } | null = null;

  constructor(parts: ClipboardParts) {
    this.#parts = parts;
  }

  hearPart(viewer: InputViewer, part: ClipboardPart, host: ClipboardHost | null): void {
    const { id } = part;
    if (this.#refused.get(viewer) === id) return;
    const why = this.#refusalOf(viewer, part, host);
    if (why !== null || host === null) {
      this.#refuse(viewer, id, why ?? 'gone', host);
      return;
    }
    if (id !== this.#reader.last) this.#outlet?.clear();
    const verdict = this.#reader.read(part);
    if (verdict === 'dropped') return;
    if (verdict !== 'next' && verdict !== 'last') {
      this.#refuse(viewer, id, verdict, host);
      return;
    }
    this.#open = { id, viewer };
    if (!this.#outletTo(host).push(part)) this.#refuse(viewer, id, 'too-many', host);
    else if (verdict === 'last') this.#parts.onContent('passed');
  }

  /** Its sender will not send the rest. */
  hearRefused(viewer: InputViewer, { id }: ClipboardRefused, host: ClipboardHost | null): void {
    if (this.#open?.viewer === viewer && this.#open.id === id) this.#drop(host);
  }

  /** The host's answer, to whose content it is. */
  hearHost(answer: ClipboardTaken | ClipboardRefused): void {
    if (this.#open?.id !== answer.id) return;
    this.#open.viewer.send(answer);
    this.#open = null;
    if (answer.type === 'clipboard/taken') return;
    this.#reader.drop();
    this.#outlet?.clear();
  }

  /** Nobody holds the keyboard any more who did, or the host is gone (null). */
  end(host: ClipboardHost | null): void {
    this.#drop(host);
    this.#reader.forget();
    if (host === null) this.#outlet = null;
  }

  #refusalOf(
    viewer: InputViewer,
    { kind }: ClipboardPart,
    host: ClipboardHost | null,
  ): ClipboardRefused['why'] | null {
    const { control } = this.#parts;
    if (control.holderOf('keyboard') !== viewer) return 'not-holder';
    if (host === null) return 'gone';
    return host.hasClipboard && lets(control.policy.clipboardToHost, kind) ? null : 'not-allowed';
  }

  #refuse(
    viewer: InputViewer,
    id: number,
    why: ClipboardRefused['why'],
    host: ClipboardHost | null,
  ): void {
    this.#refused.set(viewer, id);
    if (this.#open?.viewer === viewer) this.#drop(host);
    viewer.send(refusalOf(id, why));
    this.#parts.onContent(why);
  }

  /** What the host has of an unfinished content is worth nothing. */
  #drop(host: ClipboardHost | null): void {
    this.#reader.drop();
    this.#outlet?.clear();
    if (this.#open !== null) host?.send(refusalOf(this.#open.id, 'gone'));
    this.#open = null;
  }

  #outletTo(host: ClipboardHost): PartOutlet {
    if (this.#outlet?.channel !== host) {
      this.#outlet?.clear();
      this.#outlet = new PartOutlet(host, this.#parts.backlog);
    }
    return this.#outlet;
  }
}
