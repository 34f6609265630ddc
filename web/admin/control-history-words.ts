import type { ControlRecord, LeaseBegin, LeaseEnd } from '../../gateway/protocol/control-record.ts';
import { deviceNames, refusalWords } from '../watch/control/control-words.ts';

const beginWords: Record<LeaseBegin, string> = {
  asked: 'asked for it',
  waited: 'waited for it',
  took: 'took it',
  given: 'was given it',
};

const endWords: Record<LeaseEnd, string> = {
  released: 'let it go',
  taken: 'an owner took it',
  'given-away': 'gave it away',
  left: 'left',
  lost: 'connection lost',
  slot: 'time was up',
  idle: 'did nothing',
  policy: 'the room was locked',
  'no-owner': 'no owner was there',
  'no-right': 'the right ended',
  revoked: 'the token ended',
  withdrawn: 'an operator ended it',
};

/** What somebody controlled, or wanted. */
export function showWhat(record: ControlRecord): string {
  if (record.type === 'refused') return `refused: ${record.wish}`;
  return record.devices.map((device) => deviceNames[device]).join(', ');
}

/** How it came to that. */
export function showHow(record: ControlRecord): string {
  if (record.type === 'lease') return beginWords[record.begin];
  const { why, times } = record;
  return times === 1 ? refusalWords[why] : `${refusalWords[why]} ${times} times.`;
}

/** Why somebody controls no more; empty while they do. */
export function showEnd(record: ControlRecord): string {
  return record.type === 'lease' && record.end !== null ? endWords[record.end] : '';
}
