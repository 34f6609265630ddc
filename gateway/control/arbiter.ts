import type { ControlRefusal, Device, Rank } from '../protocol/control.ts';
import { DEVICES } from '../protocol/control-terms.ts';
import type { Actor, ControlAnswer, ControlCommand, Verdict } from './command.ts';
import { changedHands, freed, granted, mapLeases, wantedOf } from './leases.ts';
import { forget, serveQueue, withoutOverdue, withoutUnentitled, withoutWaiting } from './queue.ts';
import { mayHold, refusalOf } from './right.ts';
import { devicesOf, isOwner, without, type ControlState, type ViewerKey } from './state.ts';

const DONE: ControlAnswer = { kind: 'done' };
const GRANTED: ControlAnswer = { kind: 'granted' };

interface Step {
  readonly state: ControlState;
  readonly answer: ControlAnswer;
}

/**
 * Decides who controls a host. Pure: the same state, command and time give the same verdict. What
 * time ends is ended first, and what becomes free goes to whoever waits.
 */
export function arbitrate(before: ControlState, command: ControlCommand, nowMs: number): Verdict {
  const current = withoutOverdue(before, nowMs);
  const { state, answer } = decide(current, command, nowMs);
  const served = serveQueue(withoutUnentitled(state), nowMs);
  const anew = heldAnew(before, command);
  const release = DEVICES.filter(
    (device) => anew.includes(device) || changedHands(before, served, device),
  );
  const after = release.length > 0 ? renewed(served, release) : served;
  const settled = command.type === 'request' && answer.kind === 'queued';
  return { state: after, answer: settled ? answerOf(after, command.by) : answer, release };
}

function decide(state: ControlState, command: ControlCommand, nowMs: number): Step {
  switch (command.type) {
    case 'join':
      return join(state, command.by, command.rank);
    case 'leave':
      return done(leave(state, command.by, nowMs));
    case 'revoke':
      return done(forget(state, command.to));
    case 'request':
      return request(state, command.by, command.devices, nowMs);
    case 'cancel':
      return done(withoutWaiting(state, command.by));
    case 'release':
      return release(state, command.by);
    case 'take':
      return take(state, command.by, command.devices, nowMs);
    case 'give':
      return give(state, command.by, command.to, nowMs);
    case 'deny':
      return deny(state, command.by, command.to, nowMs);
    case 'withdraw':
      return release(state, command.to);
    case 'raise-hand':
      return raiseHand(state, command.by);
    case 'lower-hand':
      return lowerHand(state, command.by, command.to);
    case 'set-policy':
      return mayDecide(state, command.by)
        ? done({ ...state, policy: command.policy })
        : refused(state, 'no-right');
    case 'used':
      return done(used(state, command.by, nowMs));
    case 'host-restarted':
    case 'tick':
      return done(state);
    default:
      return command satisfies never;
  }
}

/** What nobody else got and is begun anew all the same: by a new host, or on a new socket. */
function heldAnew(before: ControlState, command: ControlCommand): readonly Device[] {
  if (command.type === 'host-restarted') return DEVICES;
  return command.type === 'join' ? devicesOf(before, command.by) : [];
}

/** The state in a new epoch, which is that of the leases on these devices. */
function renewed(state: ControlState, devices: readonly Device[]): ControlState {
  const epoch = state.epoch + 1;
  const leases = mapLeases(state, (lease, device) =>
    devices.includes(device) ? { ...lease, epoch } : lease,
  );
  return { ...state, epoch, leases };
}

function join(state: ControlState, by: ViewerKey, rank: Rank): Step {
  const present = new Map(state.present).set(by, rank);
  const absent = new Map(state.absent);
  absent.delete(by);
  const leases = mapLeases(state, (lease) =>
    lease.holder === by ? { ...lease, absentSince: null } : lease,
  );
  return done({ ...state, present, absent, leases });
}

function leave(state: ControlState, by: ViewerKey, nowMs: number): ControlState {
  const rank = state.present.get(by);
  if (rank === undefined) return state;
  const present = new Map(state.present);
  present.delete(by);
  const absent = new Map(state.absent).set(by, { rank, since: nowMs });
  const leases = mapLeases(state, (lease) =>
    lease.holder === by ? { ...lease, absentSince: nowMs } : lease,
  );
  return { ...state, present, absent, leases };
}

function request(
  state: ControlState,
  by: ViewerKey,
  devices: readonly Device[],
  nowMs: number,
): Step {
  const why = refusalOf(state, by);
  if (why !== null) return refused(state, why);
  if ((state.denied.get(by) ?? 0) > nowMs) return refused(state, 'denied');
  const wanted = wantedOf(state, devices).filter((device) => state.leases[device]?.holder !== by);
  if (wanted.length === 0) return { state, answer: GRANTED };
  const known = state.queue.find(({ viewer }) => viewer === by);
  if (known === undefined && state.queue.length >= state.policy.maxQueue) {
    return refused(state, 'queue-full');
  }
  const entry = { viewer: by, devices: wanted, since: known?.since ?? nowMs };
  const queue =
    known === undefined
      ? [...state.queue, entry]
      : state.queue.map((waiting) => (waiting === known ? entry : waiting));
  return { state: { ...state, queue }, answer: { kind: 'queued', place: 0 } };
}

function release(state: ControlState, by: ViewerKey): Step {
  if (devicesOf(state, by).length === 0) return refused(state, 'not-holder');
  return done(freed(state, by));
}

function take(state: ControlState, by: ViewerKey, devices: readonly Device[], nowMs: number): Step {
  const why = refusalOf(state, by);
  if (why !== null) return refused(state, why);
  if (!isOwner(state.present.get(by))) return refused(state, 'no-right');
  const taken = granted(withoutWaiting(state, by), by, wantedOf(state, devices), nowMs);
  return { state: taken, answer: GRANTED };
}

function give(state: ControlState, by: Actor, to: ViewerKey, nowMs: number): Step {
  const held = by === null ? [] : devicesOf(state, by);
  const given = held.length > 0 ? held : mayDecide(state, by) ? DEVICES : [];
  if (!isThere(state, by)) return refused(state, 'not-present');
  if (given.length === 0) return refused(state, 'not-holder');
  if (!state.present.has(to)) return refused(state, 'target-absent');
  if (!mayHold(state, to)) return refused(state, 'target-no-right');
  return { state: granted(withoutWaiting(state, to), to, given, nowMs), answer: DONE };
}

function deny(state: ControlState, by: Actor, to: ViewerKey, nowMs: number): Step {
  const holds = by !== null && devicesOf(state, by).length > 0;
  if (!isThere(state, by) || !(holds || mayDecide(state, by))) return refused(state, 'no-right');
  if (!state.queue.some(({ viewer }) => viewer === to)) return refused(state, 'not-waiting');
  const denied = new Map(state.denied).set(to, nowMs + state.policy.denyMs);
  return done({ ...withoutWaiting(state, to), denied });
}

function raiseHand(state: ControlState, by: ViewerKey): Step {
  if (!state.present.has(by)) return refused(state, 'not-present');
  if (state.hands.includes(by)) return done(state);
  return done({ ...state, hands: [...state.hands, by] });
}

function lowerHand(state: ControlState, by: ViewerKey, to: ViewerKey): Step {
  if (by !== to && !mayDecide(state, by)) return refused(state, 'no-right');
  return done({ ...state, hands: without(state.hands, to) });
}

function used(state: ControlState, by: ViewerKey, nowMs: number): ControlState {
  const leases = mapLeases(state, (lease) =>
    lease.holder === by ? { ...lease, usedAt: nowMs } : lease,
  );
  return { ...state, leases };
}

/** A wish that was served at once is granted; otherwise its place in the queue, from 1. */
function answerOf(state: ControlState, by: ViewerKey): ControlAnswer {
  const index = state.queue.findIndex(({ viewer }) => viewer === by);
  return index === -1 ? GRANTED : { kind: 'queued', place: index + 1 };
}

const isThere = (state: ControlState, by: Actor): boolean => by === null || state.present.has(by);

/** Whether its word counts about others' control. */
const mayDecide = (state: ControlState, by: Actor): boolean =>
  by === null || isOwner(state.present.get(by));

const done = (state: ControlState): Step => ({ state, answer: DONE });

const refused = (state: ControlState, why: ControlRefusal): Step => ({
  state,
  answer: { kind: 'refused', why },
});
