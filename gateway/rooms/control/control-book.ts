import type { ControlCommand } from '../../control/command.ts';
import { transitions, type ArbiterStep } from '../../control/transition.ts';
import type { ControlRefusal } from '../../protocol/control.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import { ControlHistory } from './control-history.ts';
import type { ControlObserver, Who } from './control-observer.ts';
import type { Member } from './member.ts';
import type { Members } from './members.ts';

/** Keeps what happened to the control of one source, and tells it on. */
export class ControlBook {
  readonly history = new ControlHistory();
  readonly #place: SourcePlace;
  readonly #members: Members;
  readonly #observer: ControlObserver;

  constructor(parts: { place: SourcePlace; members: Members; observer: ControlObserver }) {
    this.#place = parts.place;
    this.#members = parts.members;
    this.#observer = parts.observer;
  }

  /** What a step changed; `by`: the `sub` of an administrator that wanted it. */
  note(step: ArbiterStep, by: string | null): void {
    const { command, before, after } = step;
    const decider = by ?? this.#subjectOf(deciderOf(command));
    const at = Date.now();
    const place = this.#place;
    for (const transition of transitions(step)) {
      const member = this.#members.get(transition.viewer);
      if (member === undefined) continue;
      this.history.note(transition, member, at);
      const change = transition.type === 'began' ? transition.how : transition.why;
      const { devices } = transition;
      this.#observer.changed({ change, place, who: whoOf(member), devices, by: decider });
    }
    if (before.policy !== after.policy) {
      const policy = after.policy;
      this.#observer.changed({
        change: 'policy',
        place,
        who: null,
        devices: [],
        by: decider,
        policy,
      });
    }
    const denied =
      command.type === 'deny' && before.denied.get(command.to) !== after.denied.get(command.to);
    const member = denied ? this.#members.get(command.to) : undefined;
    if (member !== undefined) {
      this.#observer.changed({
        change: 'denied',
        place,
        who: whoOf(member),
        devices: [],
        by: decider,
      });
    }
  }

  refused(member: Member, wish: string, why: ControlRefusal): void {
    this.history.refused(member, wish, why, Date.now());
    this.#observer.refused(why);
  }

  #subjectOf(viewer: string | null): string | null {
    return viewer === null ? null : (this.#members.get(viewer)?.grant.subject ?? null);
  }
}

/** Who decided about others, if anybody did. */
function deciderOf(command: ControlCommand): string | null {
  const decides = ['take', 'give', 'deny', 'set-policy'].includes(command.type);
  return decides && 'by' in command ? command.by : null;
}

const whoOf = ({ viewer, name, grant }: Member): Who => ({
  viewer,
  name,
  subject: grant.subject,
});
