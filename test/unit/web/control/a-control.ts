import { DEFAULT_CONTROL_POLICY } from '../../../../gateway/control/policy.ts';
import type { ControlState, Holder, Rank, ViewerId } from '../../../../gateway/protocol/control.ts';
import type { ControlReading } from '../../../../web/watch/control/standing.ts';

/** A viewer's id made from a name. */
export const idOf = (name: string): ViewerId => name.padEnd(10, 'a').slice(0, 10) as ViewerId;

export const aPerson = (name: string) => ({ viewer: idOf(name), name });

export const aHolder = (name: string, given: Partial<Holder> = {}): Holder => ({
  ...aPerson(name),
  epoch: 7,
  heldMs: 1_000,
  leftMs: null,
  absent: false,
  ...given,
});

/** Control that nobody has, of a host with pointer and keyboard. */
export const aControlState = (given: Partial<ControlState> = {}): ControlState => ({
  type: 'control/state',
  devices: ['pointer', 'keyboard'],
  holders: { pointer: null, keyboard: null, gamepad: null },
  queue: [],
  queueLength: 0,
  hands: [],
  handsLength: 0,
  policy: DEFAULT_CONTROL_POLICY,
  ...given,
});

/** Everything held by one. */
export const heldBy = (name: string, given: Partial<Holder> = {}) => {
  const holder = aHolder(name, given);
  return { holders: { pointer: holder, keyboard: holder, gamepad: holder } };
};

/** So many that wait, the first by name. */
export const queueOf = (...names: readonly string[]) => ({
  queue: names.map((name) => ({ ...aPerson(name), devices: ['pointer' as const] })),
  queueLength: names.length,
});

/** What ben reads. */
export const aReading = (
  state: Partial<ControlState> | null = {},
  rank: Rank = 'viewer',
  readAtMs = 0,
): ControlReading => {
  const index = (state?.queue ?? []).findIndex(({ name }) => name === 'ben');
  return {
    self: { viewer: idOf('ben'), rank },
    state: state === null ? null : aControlState(state),
    isWaiting: index >= 0,
    place: index >= 0 ? index + 1 : null,
    readAtMs,
  };
};
