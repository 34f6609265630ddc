import type { Transition } from '../../control/transition.ts';
import type { ControlRefusal } from '../../protocol/control.ts';
import { LISTED, type ControlRecord } from '../../protocol/control-record.ts';
import type { Member } from './member.ts';

type LeaseRecord = Extract<ControlRecord, { type: 'lease' }>;

/** Who held what of a source when, and what was refused: the last of it, in memory. */
export class ControlHistory {
  #records: ControlRecord[] = [];

  /** Oldest first. */
  list(): readonly ControlRecord[] {
    return this.#records;
  }

  /** `at` in epoch milliseconds. */
  note(transition: Transition, member: Member, at: number): void {
    if (transition.type === 'ended') {
      this.#records = this.#records.flatMap((record) => closed(record, transition, at));
      return;
    }
    const { devices, how: begin } = transition;
    const lease = { type: 'lease' as const, ...whoOf(member), devices: [...devices] };
    this.#push({ ...lease, begin, from: at, to: null, end: null });
  }

  /** The same again and again is one record. */
  refused(member: Member, wish: string, why: ControlRefusal, at: number): void {
    const last = this.#records.at(-1);
    const again =
      last?.type === 'refused' &&
      last.viewer === member.viewer &&
      last.wish === wish &&
      last.why === why;
    if (again) this.#records.pop();
    const times = again ? last.times + 1 : 1;
    this.#push({ type: 'refused', ...whoOf(member), wish, why, at, times });
  }

  #push(record: ControlRecord): void {
    this.#records.push(record);
    if (this.#records.length > LISTED.history) this.#records.shift();
  }
}

const whoOf = ({ viewer, name, grant }: Member) => ({ viewer, name, subject: grant.subject });

/** A lease that ended, with what is left of it where that was not all. */
function closed(
  record: ControlRecord,
  { viewer, devices, why }: Extract<Transition, { type: 'ended' }>,
  at: number,
): readonly ControlRecord[] {
  if (record.type !== 'lease' || record.to !== null || record.viewer !== viewer) return [record];
  const over = record.devices.filter((device) => devices.includes(device));
  const left = record.devices.filter((device) => !devices.includes(device));
  const part = (
    some: LeaseRecord['devices'],
    more: Partial<LeaseRecord>,
  ): readonly LeaseRecord[] => (some.length === 0 ? [] : [{ ...record, ...more, devices: some }]);
  return [...part(over, { to: at, end: why }), ...part(left, {})];
}
