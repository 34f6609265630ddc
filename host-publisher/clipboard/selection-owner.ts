import type { XEvent } from 'x11';
import type { X11Connection } from '../x11/x11-connection.ts';
import { INCREMENT_BYTES, SelectionTransfer } from './selection-transfer.ts';

const SELECTION_REQUEST = 30;
const SELECTION_CLEAR = 29;
const ATOM = 4;
const INTEGER = 19;
/** Programs that fetch a large content at the same time. */
const MOST_TRANSFERS = 16;

/** A content as one target has it; `type` is that of the property. */
export interface Form {
  readonly type: number;
  readonly bytes: Buffer;
}

/** Owns selections with one content and answers everybody who asks for it. */
export class SelectionOwner {
  readonly #x11: X11Connection;
  readonly #window: number;
  readonly #atoms: { readonly targets: number; readonly timestamp: number; readonly incr: number };
  readonly #stop: () => void;
  readonly #transfers = new Set<SelectionTransfer>();
  #forms: ReadonlyMap<number, Form> = new Map();
  readonly #owned = new Set<number>();
  #since = 0;

  static async open(x11: X11Connection): Promise<SelectionOwner> {
    const [targets = 0, timestamp = 0, incr = 0] = await Promise.all(
      ['TARGETS', 'TIMESTAMP', 'INCR'].map((name) => x11.atom(name)),
    );
    return new SelectionOwner(x11, { targets, timestamp, incr });
  }

  private constructor(
    x11: X11Connection,
    atoms: { readonly targets: number; readonly timestamp: number; readonly incr: number },
  ) {
    this.#x11 = x11;
    this.#atoms = atoms;
    this.#window = x11.newWindow();
    this.#stop = x11.listen((event) => this.#hear(event));
  }

  /** Its window, by which notices of its own contents are known. */
  get window(): number {
    return this.#window;
  }

  /** Takes the selections over with what stands under each target; resolves when they are its. */
  async own(selections: readonly number[], forms: ReadonlyMap<number, Form>): Promise<void> {
    this.#since = await this.#x11.time(this.#window);
    this.#forms = forms;
    for (const selection of selections) {
      this.#owned.add(selection);
      this.#x11.client.SetSelectionOwner(this.#window, selection, this.#since);
    }
    // What came before is done when this is answered.
    await this.#x11.ask((reply) => this.#x11.client.GetSelectionOwner(selections[0] ?? 0, reply));
  }

  close(): void {
    this.#stop();
    for (const transfer of [...this.#transfers]) transfer.end();
  }

  #hear(event: XEvent): void {
    if (event.owner !== this.#window) return;
    if (event.type === SELECTION_REQUEST) this.#answer(event);
    if (event.type !== SELECTION_CLEAR) return;
    this.#owned.delete(event.selection ?? 0);
    if (this.#owned.size === 0) this.#forms = new Map();
  }

  #answer({ requestor = 0, selection = 0, target = 0, property = 0, time = 0 }: XEvent): void {
    // Programs older than ICCCM name no property.
    const place = property === 0 ? target : property;
    const isGiven = this.#owned.has(selection) && this.#give(requestor, place, target);
    this.#x11.client.SendEvent(requestor, 0, 0, {
      name: 'SelectionNotify',
      ...{ seq: 0, time, requestor, selection, target, property: isGiven ? place : 0 },
    });
  }

  #give(requestor: number, property: number, target: number): boolean {
    const { client } = this.#x11;
    const { targets, timestamp, incr } = this.#atoms;
    if (target === targets) {
      const known = [targets, timestamp, ...this.#forms.keys()];
      client.ChangeProperty(0, requestor, property, ATOM, 32, known);
      return true;
    }
    if (target === timestamp) {
      client.ChangeProperty(0, requestor, property, INTEGER, 32, [this.#since]);
      return true;
    }
    const form = this.#forms.get(target);
    if (form === undefined) return false;
    if (form.bytes.length <= INCREMENT_BYTES) {
      client.ChangeProperty(0, requestor, property, form.type, 8, form.bytes);
      return true;
    }
    if (this.#transfers.size >= MOST_TRANSFERS) return false;
    const onEnd = (): unknown => this.#transfers.delete(transfer);
    const transfer = new SelectionTransfer(this.#x11, incr, {
      requestor,
      property,
      ...form,
      onEnd,
    });
    this.#transfers.add(transfer);
    return true;
  }
}
