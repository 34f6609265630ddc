import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HostCommand } from '../../../gateway/protocol/host.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';
import { ControlDesk, type Departure } from '../../../gateway/rooms/control/control-desk.ts';
import type { Member } from '../../../gateway/rooms/control/member.ts';
import { Policies } from '../../../gateway/rooms/control/policies.ts';
import { VIEWERS, aPolicy } from '../../support/control/arbitraries.ts';
import { ModelHost } from '../../support/control/model-host.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { FakeViewerChannel } from '../../support/gateway/a-host-desk.ts';
import { aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const who = fc.constantFrom(...VIEWERS);
const anAct = fc.oneof(
  fc.record({ act: fc.constant('enter' as const), who, owns: fc.boolean() }),
  fc.record({
    act: fc.constant('go' as const),
    who,
    departure: fc.constantFrom<Departure>('left', 'lost', 'revoked'),
  }),
  fc.record({
    act: fc.constantFrom(
      'request' as const,
      'release' as const,
      'take' as const,
      'cancel' as const,
    ),
    who,
  }),
  fc.record({ act: fc.constantFrom('give' as const, 'deny' as const), who, to: who }),
  fc.record({ act: fc.constant('press' as const), who }),
  fc.record({ act: fc.constant('policy' as const), policy: aPolicy }),
  fc.record({ act: fc.constant('host' as const), there: fc.boolean() }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30 }) }),
);
type Act = typeof anAct extends fc.Arbitrary<infer Value> ? Value : never;

/** A desk with a model of a host; viewers press with the newest epoch that any of them heard of. */
class Stage {
  readonly desk: ControlDesk;
  readonly #members = new Map<
    string,
    { readonly member: Member; readonly channel: FakeViewerChannel }
  >();
  readonly #resume = new Map<string, string>();
  readonly #heardEpochs = new Set<number>();
  #model: ModelHost | null = null;

  constructor(policy: ConstructorParameters<typeof Policies>[0]) {
    this.desk = new ControlDesk({
      place: { room: aRoom('demo'), source: aSource('main') },
      policies: new Policies(policy),
      observer: { changed: () => undefined, refused: () => undefined },
      epoch: 1,
      now: () => performance.now(),
      announce: () => undefined,
      released: () => undefined,
      emptied: () => undefined,
    });
  }

  play(given: Act): void {
    switch (given.act) {
      case 'enter':
        this.#enter(given.who, given.owns);
        break;
      case 'go':
        this.#go(given.who, given.departure);
        break;
      case 'policy':
        this.desk.administer({ type: 'set-policy', by: null, policy: given.policy }, 'root');
        break;
      case 'host':
        this.#host(given.there);
        break;
      case 'wait':
        vi.advanceTimersByTime(given.ms);
        break;
      case 'press':
        this.#press(given.who);
        break;
      default:
        this.#wish(given);
    }
  }

  /** What is held down is held by who may, right now. */
  requireSound(): void {
    for (const [device, { by, epoch }] of this.#model?.held ?? []) {
      const known = this.#members.get(by);
      expect(known !== undefined && this.desk.mayUse(known.member, device, epoch)).toBe(true);
      expect(this.desk.holderOf(device)).toBe(known?.member);
      expect(this.desk.holderInEpoch(epoch)).toBe(known?.member);
    }
  }

  #enter(name: string, owns: boolean): void {
    const channel = new FakeViewerChannel();
    const grant = aGrant({ subject: name });
    const rank = owns ? 'owner' : 'viewer';
    const resume = this.#resume.get(name);
    const member = this.desk.enter({ grant, rank, channel, name, resume }, 0);
    this.#resume.set(name, member.resume);
    const older = this.#members.get(name);
    this.#members.set(name, { member, channel });
    if (older !== undefined) this.desk.leave(older.member, older.channel, 'lost');
  }

  #go(name: string, departure: Departure): void {
    const known = this.#members.get(name);
    if (known === undefined) return;
    this.#members.delete(name);
    this.desk.leave(known.member, known.channel, departure);
  }

  #host(there: boolean): void {
    const model = there ? new ModelHost() : null;
    this.#model = model;
    const send = (command: HostCommand): void => {
      if (command.type === 'control/leases') model?.hear(command);
    };
    this.desk.setHost(there ? { capabilities: { devices: DEVICES }, send } : null);
  }

  #press(name: string): void {
    const known = this.#members.get(name);
    const { holders } = this.desk.message();
    for (const device of DEVICES) {
      const epoch = holders[device]?.epoch;
      if (epoch !== undefined) this.#heardEpochs.add(epoch);
      for (const each of this.#heardEpochs) {
        if (known === undefined || !this.desk.mayUse(known.member, device, each)) continue;
        if (this.#model !== null) expect(this.#model.press(device, name, each)).toBe(true);
        this.desk.used(known.member);
      }
    }
  }

  #wish(given: Extract<Act, { act: 'request' | 'release' | 'take' | 'cancel' | 'give' | 'deny' }>) {
    const known = this.#members.get(given.who);
    if (known === undefined) return;
    const { member } = known;
    const [id, devices] = ['w', [...DEVICES]];
    if (given.act === 'give' || given.act === 'deny') {
      const to = this.#members.get(given.to)?.member.viewer;
      if (to !== undefined) this.desk.wish(member, { type: `control/${given.act}`, id, to });
    } else if (given.act === 'request' || given.act === 'take') {
      this.desk.wish(member, { type: `control/${given.act}`, id, devices });
    } else {
      this.desk.wish(member, { type: `control/${given.act}`, id });
    }
  }
}

it('[CTL-13] whatever viewers, host, administrators and time do, what is held is held by who may', () => {
  fc.assert(
    fc.property(
      aPolicy,
      fc.array(anAct, { minLength: 1, maxLength: 60, size: 'max' }),
      (policy, acts) => {
        const stage = new Stage(policy);
        stage.play({ act: 'host', there: true });
        for (const each of acts) {
          stage.play(each);
          stage.requireSound();
        }
        for (const name of VIEWERS) stage.play({ act: 'go', who: name, departure: 'lost' });
        vi.advanceTimersByTime(61_000);
        expect(stage.desk.isEmpty).toBe(true);
        expect(vi.getTimerCount()).toBe(0);
      },
    ),
    runs(300),
  );
});
