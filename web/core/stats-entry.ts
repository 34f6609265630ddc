/** One dictionary of an RTCStatsReport, read defensively: browsers differ in what they fill in. */
export class StatsEntry {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  /** The number under `key`, or null. */
  number(key: string): number | null {
    const value = this.#fields[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  /** The text under `key`, or null. */
  text(key: string): string | null {
    const value = this.#fields[key];
    return typeof value === 'string' ? value : null;
  }
}

/** What a report needs to be for reading; a Map in tests, an RTCStatsReport in browsers. */
export interface StatsReport {
  forEach(visit: (entry: unknown) => void): void;
}

/** A report indexed once, asked by type and kind. */
export class StatsIndex {
  readonly #byId = new Map<string, StatsEntry>();
  readonly #byType = new Map<string, StatsEntry[]>();

  constructor(report: StatsReport) {
    report.forEach((raw) => {
      if (typeof raw !== 'object' || raw === null) return;
      const entry = new StatsEntry(raw as Readonly<Record<string, unknown>>);
      const type = entry.text('type') ?? '';
      this.#byId.set(entry.text('id') ?? '', entry);
      this.#byType.set(type, [...(this.#byType.get(type) ?? []), entry]);
    });
  }

  /** All entries of a type, for one kind of media when `kind` is given. */
  all(type: string, kind?: 'audio' | 'video'): readonly StatsEntry[] {
    const entries = this.#byType.get(type) ?? [];
    return kind === undefined ? entries : entries.filter((entry) => entry.text('kind') === kind);
  }

  /** The entry that `entry` points to by `key`. */
  follow(entry: StatsEntry | undefined, key: string): StatsEntry | undefined {
    return this.#byId.get(entry?.text(key) ?? '');
  }

  /** The codec of an RTP entry as people write it, such as `H264`. */
  codecOf(entry: StatsEntry | undefined): string | null {
    const mimeType = this.follow(entry, 'codecId')?.text('mimeType');
    return mimeType?.split('/')[1] ?? null;
  }

  /** Round trip of the ICE pair in use, in milliseconds. */
  roundTripMs(): number | null {
    const seconds = this.usedPair()?.number('currentRoundTripTime');
    return seconds == null ? null : seconds * 1000;
  }

  /** The ICE pair that media takes. */
  usedPair(): StatsEntry | undefined {
    const pairs = this.all('candidate-pair');
    return pairs.find((pair) => pair.text('state') === 'succeeded') ?? pairs[0];
  }
}

/** Bits per second between two byte counters; null without a usable pair. */
export function bitrateBps(
  now: { bytes: number; atMs: number },
  before: { bytes: number; atMs: number } | null,
): number | null {
  if (before === null || now.atMs <= before.atMs || now.bytes < before.bytes) return null;
  return ((now.bytes - before.bytes) * 8000) / (now.atMs - before.atMs);
}
