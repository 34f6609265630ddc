/** What a node carries now. */
export interface NodeLoad {
  /** Of all gateways, the ends of this one's carriages included. */
  readonly sessions: number;
  /** Of one core, by its own word; 0 until it told. */
  readonly cpuShare: number;
  /** In and out, bits per second; 0 until it told twice. */
  readonly bitrate: number;
}

/** The most that a node is to carry; null: no limit. */
export interface NodeLimits {
  readonly sessions: number | null;
  readonly cpuShare: number | null;
  readonly bitrate: number | null;
}

export const NO_LIMITS: NodeLimits = { sessions: null, cpuShare: null, bitrate: null };

/** One process of SRS is one core, and that is about so many viewers (srs.md §11). */
const USUAL: Record<keyof NodeLimits, number | null> = {
  sessions: 500,
  cpuShare: 1,
  bitrate: null,
};
const KINDS = ['sessions', 'cpuShare', 'bitrate'] as const;

/** The largest share of what it can carry that a node uses, 1 is all; by usual values where no limit is set. */
export const strainOf = (load: NodeLoad, limits: NodeLimits): number =>
  Math.max(
    ...KINDS.map((kind) => {
      const most = limits[kind] ?? USUAL[kind];
      return most === null ? 0 : load[kind] / most;
    }),
  );

/** Share of a limit at which a node is nearly full. */
const NEARLY = 0.95;

/** Whether so many places are left, or fewer. */
export const isNearlyFull = (load: NodeLoad, limits: NodeLimits, places = 1): boolean =>
  isFull({ ...load, sessions: load.sessions + places }, limits) ||
  KINDS.some(
    (kind) => kind !== 'sessions' && limits[kind] !== null && load[kind] >= NEARLY * limits[kind],
  );

/** Whether a limit is reached: one more session does not fit. */
export const isFull = (load: NodeLoad, limits: NodeLimits): boolean =>
  KINDS.some((kind) => limits[kind] !== null && load[kind] >= limits[kind]);
