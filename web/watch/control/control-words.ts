import type {
  ControlEnded,
  ControlPolicy,
  ControlRefusal,
  ControlState,
  Device,
} from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import { driversOf, standingOf } from './standing.ts';
import type { ControlReading, Driver, Standing } from './standing.ts';

export const deviceNames: Record<Device, string> = {
  pointer: 'Pointer',
  keyboard: 'Keyboard',
  gamepad: 'Gamepad',
};

export const modeNames: Record<ControlPolicy['mode'], string> = {
  open: 'Open: whoever may control',
  locked: 'Locked: owners only',
  'view-only': 'View only: nobody',
};

export const clipboardNames: Record<ControlPolicy['clipboardToHost'], string> = {
  off: 'Nothing',
  text: 'Text',
  all: 'Text and images',
};

/** One line that says who drives and who waits, from the reader's side; empty: nothing to say. */
export function statusWords(reading: ControlReading): string {
  const { state, self } = reading;
  const standing = standingOf(reading);
  if (state === null || standing.kind === 'none') return '';
  const drivers = driversOf(state, reading.readAtMs);
  const others = drivers.filter(({ viewer }) => viewer !== self?.viewer);
  const parts = [
    standing.kind === 'driving' ? `You are in control${devicesIn(standing.driver, state)}` : '',
    ...others.map((driver) => `${driver.name} is in control${devicesIn(driver, state)}`),
    drivers.length === 0 ? 'Nobody is in control' : '',
    waitingWords(standing, state),
    standing.kind === 'barred' ? barredWords[standing.why] : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What a refused wish means for the person; the gateway's own sentence goes before it. */
export const refusalWords: Record<ControlRefusal, string> = {
  'no-host': 'There is nothing to control now.',
  'not-present': 'The connection to the server is not there yet.',
  'no-right': 'Your link does not allow this.',
  'view-only': 'This room is for watching only.',
  locked: 'Control is locked by the owner.',
  'no-owner': 'Control is possible only while an owner is here.',
  'not-holder': 'You do not have control.',
  'target-absent': 'That person has left.',
  'target-no-right': 'That person’s link does not allow control.',
  denied: 'You were turned down a moment ago. Try again a little later.',
  'queue-full': 'Too many people wait already.',
  'not-waiting': 'That person does not wait any more.',
  'too-many': 'That was a little fast. Try again.',
};

/** Why the reader lost control, or its place in the queue. */
export function endWords({ why, by }: Pick<ControlEnded, 'why' | 'by'>): string {
  switch (why) {
    case 'taken':
      return by === undefined ? 'Control was taken from you.' : `${by} took control from you.`;
    case 'denied':
      return by === undefined ? 'You were turned down.' : `${by} turned you down.`;
    case 'slot':
      return 'Your time is up: somebody else is next.';
    case 'idle':
      return 'You did nothing for a while, so control went to the next.';
    case 'locked':
      return 'Control was locked by the owner.';
    case 'view-only':
      return 'This room is for watching only now.';
    case 'no-owner':
      return 'Control ended: no owner is here any more.';
    case 'no-right':
      return 'Your right to control has ended.';
    case 'no-host':
      return 'Control ended: the machine is away.';
    default:
      return why satisfies never;
  }
}

const barredWords: Record<Extract<Standing, { kind: 'barred' }>['why'], string> = {
  'no-right': '',
  'view-only': 'View only',
  locked: 'Locked by the owner',
};

/** ` (Pointer, Keyboard)` where a driver has not everything; nothing else. */
function devicesIn(driver: Driver, state: ControlState): string {
  const all = DEVICES.filter((device) => state.devices.includes(device));
  const held = driver.devices.filter((device) => all.includes(device));
  const names = held.map((device) => deviceNames[device].toLowerCase()).join(', ');
  const away = driver.absent ? ', away for a moment' : '';
  return held.length < all.length ? ` (${names})${away}` : away;
}

function waitingWords(standing: Standing, { queueLength }: ControlState): string {
  if (standing.kind === 'waiting') {
    if (standing.place === 1) return 'You are next';
    return standing.place === null
      ? `You wait, of ${queueLength}`
      : `You are number ${standing.place} of ${queueLength}`;
  }
  if (queueLength === 0) return '';
  return queueLength === 1 ? '1 waits' : `${queueLength} wait`;
}
