import type { PathObservation } from '../publish/path-estimate.ts';

/** What one client's path was seen to do. */
export interface ClientPath {
  readonly client: string;
  readonly seen: PathObservation;
}

const HEAVY_LOSS = 0.1;
const FULL_QUEUE_MS = 200;
/** So long a client may hold the others down to a quarter of the most before it is left behind. */
const PATIENCE_MS = 5_000;
const LEFT_BEHIND_MS = 30_000;
const LEAST_SHARE = 0.25;

/**
 * One path for several clients that get the same picture: the worst of each thing that was seen.
 * A client whose path stays full although the others have gone down to a quarter for it is left
 * behind for half a minute, and then counts again.
 */
export class WorstPath {
  readonly #troubledSinceMs = new Map<string, number>();
  readonly #leftUntilMs = new Map<string, number>();

  /** Whether a client does not count now. */
  isLeftBehind(client: string, nowMs: number): boolean {
    return nowMs < (this.#leftUntilMs.get(client) ?? -Infinity);
  }

  /** `share`: the present rate as a share of the most. */
  merge(paths: readonly ClientPath[], share: number, nowMs: number): PathObservation {
    this.#forgetOthers(paths);
    for (const path of paths) this.#watch(path, share, nowMs);
    const counted = paths.filter(({ client }) => !this.isLeftBehind(client, nowMs));
    // With nobody left to be better off, those decide.
    return worstOf((counted.length > 0 ? counted : paths).map(({ seen }) => seen));
  }

  #watch({ client, seen }: ClientPath, share: number, nowMs: number): void {
    const isTroubled = isFull(seen) && share <= LEAST_SHARE;
    if (!isTroubled || this.isLeftBehind(client, nowMs)) {
      if (!isSilent(seen)) this.#troubledSinceMs.delete(client);
      return;
    }
    const sinceMs = this.#troubledSinceMs.get(client) ?? nowMs;
    this.#troubledSinceMs.set(client, sinceMs);
    if (nowMs - sinceMs < PATIENCE_MS) return;
    this.#troubledSinceMs.delete(client);
    this.#leftUntilMs.set(client, nowMs + LEFT_BEHIND_MS);
  }

  #forgetOthers(paths: readonly ClientPath[]): void {
    const present = new Set(paths.map(({ client }) => client));
    for (const known of [this.#troubledSinceMs, this.#leftUntilMs]) {
      for (const client of known.keys()) if (!present.has(client)) known.delete(client);
    }
  }
}

function isFull(seen: PathObservation): boolean {
  const queueMs = seen.by === 'transport' ? (seen.queueMs ?? 0) : 0;
  return (seen.loss ?? 0) > HEAVY_LOSS || queueMs > FULL_QUEUE_MS;
}

const isSilent = (seen: PathObservation): boolean => seen.loss === null;

function worstOf(seen: readonly PathObservation[]): PathObservation {
  const loss = most(seen.map((one) => one.loss));
  const rembKbps = least(seen.map((one) => one.rembKbps));
  const told = seen.filter((one) => one.by === 'transport');
  if (told.length === 0) return { by: 'reports', loss, rembKbps };
  return {
    by: 'transport',
    loss,
    queueMs: most(told.map(({ queueMs }) => queueMs)),
    arrivedKbps: least(told.map(({ arrivedKbps }) => arrivedKbps)),
    rembKbps,
  };
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
const most = (values: readonly (number | null)[]): number | null =>
  known(values).length === 0 ? null : Math.max(...known(values));
const least = (values: readonly (number | null)[]): number | null =>
  known(values).length === 0 ? null : Math.min(...known(values));
