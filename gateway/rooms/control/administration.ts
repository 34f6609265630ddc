import { GatewayError } from '../../errors.ts';
import { freeControl } from '../../control/state.ts';
import type { ControlPolicyChange } from '../../protocol/control.ts';
import type { ControlAction, ControlView } from '../../protocol/control-record.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { ControlDesk } from './control-desk.ts';
import { stateMessage } from './control-messages.ts';
import { controlView } from './control-view.ts';
import { Members } from './members.ts';
import { changed, type Policies } from './policies.ts';
import { REFUSAL_SENTENCES } from './refusal-sentences.ts';

/** What administrators see and do of control, whether somebody is there or not. */
export class ControlAdministration {
  readonly #deskAt: (place: SourcePlace) => ControlDesk | undefined;
  readonly #policies: Policies;

  constructor(deps: {
    readonly deskAt: (place: SourcePlace) => ControlDesk | undefined;
    readonly policies: Policies;
  }) {
    this.#deskAt = deps.deskAt;
    this.#policies = deps.policies;
  }

  view(place: SourcePlace): ControlView {
    const desk = this.#deskAt(place);
    if (desk !== undefined) return controlView(desk);
    const free = freeControl(this.#policies.of(place));
    const state = stateMessage(free, new Members(), [], 0);
    return { state, people: [], peopleCount: 0, history: [] };
  }

  /** `by`: the `sub` of the administrator. @throws GatewayError `capacity` */
  setPolicy(place: SourcePlace, change: ControlPolicyChange, by: string): void {
    const policy = changed(this.#policies.of(place), change);
    if (!this.#policies.hasRoomFor(place)) throw full();
    const desk = this.#deskAt(place);
    if (desk === undefined) this.#policies.keep(place, policy);
    else desk.administer({ type: 'set-policy', by: null, policy }, by);
  }

  /** @throws GatewayError `control-refused` */
  act(place: SourcePlace, { action, viewer: to }: ControlAction, by: string): void {
    const answer = this.#deskAt(place)?.administer(
      action === 'release' ? { type: 'withdraw', to } : { type: action, by: null, to },
      by,
    );
    const why =
      answer?.kind === 'refused' ? answer.why : answer === undefined ? 'target-absent' : null;
    if (why !== null)
      throw new GatewayError('control-refused', SENTENCES[why] ?? REFUSAL_SENTENCES[why]);
  }
}

/** Where the sentences for viewers would say "you". */
const SENTENCES: Partial<Record<keyof typeof REFUSAL_SENTENCES, string>> = {
  'not-holder': 'That viewer does not have control.',
};

const full = (): GatewayError =>
  new GatewayError('capacity', 'Too many sources have a policy of their own.', {
    retryAfterSeconds: 60,
  });
