import type {
  JournalControl,
  JournalEntry,
  JournalInput,
} from '../../../gateway/protocol/journal.ts';
import { Observable } from '../observable.ts';
import type { JournalRange } from './recordings-api.ts';

/** Loaded at once, milliseconds. */
const WINDOW_MS = 60_000;
/** What happened so long ago is still shown. */
const AFTERGLOW_MS = 700;
const WINDOWS_KEPT = 8;

/** Something that was pressed a moment ago. */
export interface Press {
  readonly at: number;
  readonly kind: 'button' | 'key' | 'text';
  /** `Left`, `KeyA`, …; null: the journal does not say. */
  readonly what: string | null;
  /** Where the pointer was; null: unknown. */
  readonly place: { readonly x: number; readonly y: number } | null;
}

/** What the journal has of a moment. */
export interface JournalMoment {
  readonly pointer: { readonly x: number; readonly y: number } | null;
  readonly buttons: number;
  readonly touches: NonNullable<JournalInput['touches']>;
  /** How many keys are held. */
  readonly keys: number;
  readonly presses: readonly Press[];
  /** Who controls, each once. */
  readonly holders: readonly string[];
}

/** The input journal of a recording, loaded a minute at a time. */
export class JournalTrack {
  /** Grows when more of it is there. */
  readonly loaded = new Observable(0);
  readonly #read: (range: JournalRange) => Promise<readonly JournalEntry[]>;
  readonly #windows = new Map<number, readonly JournalInput[]>();
  #control: readonly JournalControl[] = [];

  constructor(read: (range: JournalRange) => Promise<readonly JournalEntry[]>) {
    this.#read = read;
    void this.#loadControl();
  }

  /** What was done to a source at a time; what is not loaded yet is as if nothing was. */
  at(source: string, ms: number): JournalMoment {
    const inputs = this.#until(source, ms);
    const last = inputs.at(-1);
    const holders = this.#holdersAt(source, ms);
    return {
      pointer: holders.length === 0 ? null : placeIn(inputs),
      buttons: last?.buttons ?? 0,
      touches: last?.touches ?? [],
      keys: last?.keys ?? 0,
      presses: pressesIn(inputs, ms - AFTERGLOW_MS),
      holders,
    };
  }

  /** Inputs of the window of a time, and of the one before it, up to that time. */
  #until(source: string, ms: number): readonly JournalInput[] {
    const window = Math.floor(ms / WINDOW_MS);
    if (ms > (window + 0.8) * WINDOW_MS) this.#window(window + 1);
    const both = [...(window === 0 ? [] : this.#window(window - 1)), ...this.#window(window)];
    return both.filter((input) => input.source === source && input.at <= ms);
  }

  #window(number: number): readonly JournalInput[] {
    const known = this.#windows.get(number);
    if (known !== undefined) return known;
    this.#windows.set(number, []);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > WINDOWS_KEPT && oldest !== undefined) this.#windows.delete(oldest);
    void this.#load(number);
    return [];
  }

  async #load(number: number): Promise<void> {
    try {
      const from = number * WINDOW_MS;
      const entries = await this.#read({ from, to: from + WINDOW_MS - 1 });
      this.#windows.set(
        number,
        entries.filter((entry) => entry.type === 'input'),
      );
      this.loaded.set(this.loaded.value + 1);
    } catch {
      // Without it the picture stands alone.
      this.#windows.set(number, []);
    }
  }

  async #loadControl(): Promise<void> {
    try {
      const entries = await this.#read({ only: 'control' });
      this.#control = entries.filter((entry) => entry.type === 'control');
      this.loaded.set(this.loaded.value + 1);
    } catch {
      this.#control = [];
    }
  }

  #holdersAt(source: string, ms: number): readonly string[] {
    const holders = new Map<string, string>();
    for (const { at, source: of, change, devices, name } of this.#control) {
      if (at > ms) break;
      if (of !== source) continue;
      for (const device of devices) {
        if (BEGINS.has(change)) holders.set(device, name);
        else if (holders.get(device) === name) holders.delete(device);
      }
    }
    return [...new Set(holders.values())];
  }
}

const BEGINS = new Set<JournalControl['change']>(['asked', 'waited', 'took', 'given', 'holds']);
const BUTTONS = ['Left', 'Middle', 'Right', 'Back', 'Forward'];

const placeIn = (inputs: readonly JournalInput[]): JournalMoment['pointer'] =>
  inputs.findLast(({ pointer }) => pointer !== undefined)?.pointer ?? null;

function pressesIn(inputs: readonly JournalInput[], since: number): readonly Press[] {
  const presses: Press[] = [];
  for (const [index, { at, events = [] }] of inputs.entries()) {
    if (at < since) continue;
    const place = placeIn(inputs.slice(0, index + 1));
    for (const event of events) {
      if (event.type === 'text')
        presses.push({ at, kind: 'text', what: event.text ?? null, place });
      else if (!event.down) continue;
      else if (event.type === 'key')
        presses.push({ at, kind: 'key', what: event.code ?? null, place });
      else presses.push({ at, kind: 'button', what: BUTTONS[event.button] ?? null, place });
    }
  }
  return presses;
}
