import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import type { Session } from '../../../gateway/rooms/session.ts';
import { sameRuns } from '../../support/fuzz/runs.ts';
import { aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import { aMediaStage, type FakeMediaChannel } from '../../support/gateway/a-media-desk.ts';

const [ROOM, SOURCE] = [aRoom('demo'), aSource('main')];

const aWay = fc.constantFrom('offer', 'socket');
const aSubject = fc.constantFrom('anna', 'ben');
const aReason = fc.constantFrom('client', 'left', 'kicked', 'expired', 'revoked');
const aStep = fc.oneof(
  fc.record({ type: fc.constant('come'), way: aWay, subject: aSubject }),
  fc.record({ type: fc.constant('answer'), which: fc.nat(), fails: fc.boolean() }),
  fc.record({ type: fc.constant('end'), which: fc.nat(), reason: aReason }),
  fc.record({ type: fc.constant('live'), which: fc.nat() }),
);
type Step = typeof aStep extends fc.Arbitrary<infer Value> ? Value : never;

/** What the tries reached, so that the property is known to say something. */
const reached = { busy: 0, replaced: 0, sideBySide: 0, refused: 0 };

/** Publishers of two subjects at one source, by WHIP and by sockets, in whatever order things happen. */
class Race {
  readonly core;
  readonly #stage;
  /** Offers that wait at the node. */
  readonly #gates: ((value: undefined) => void)[] = [];
  readonly #channels: FakeMediaChannel[] = [];

  constructor(stage: Awaited<ReturnType<typeof aMediaStage>>) {
    this.#stage = stage;
    this.core = stage.core;
  }

  async take(step: Step): Promise<void> {
    if (step.type === 'come') this.#come(step);
    else if (step.type === 'answer') this.#answer(step);
    else this.#change(step);
    await setImmediate();
    this.#requireOneOwner();
  }

  /** All offers are answered; what is there, is there once. */
  async settle(): Promise<void> {
    while (this.#gates.length > 0) await this.take({ type: 'answer', which: 0, fails: false });
    const whips = this.core.registry.sessions().filter(({ node }) => node !== null);
    expect(whips.every(({ place }) => this.core.node.listed.has(place?.clientId ?? ''))).toBe(true);
    const open = this.#channels.filter(({ dismissed }) => dismissed === null);
    expect(open.length).toBe(this.core.registry.size - whips.length);
    await this.core.sessions.close();
    expect([this.core.registry.size, this.core.registry.roomCount]).toEqual([0, 0]);
    expect(this.core.tickets.size).toBe(0);
    expect(this.#channels.every(({ dismissed }) => dismissed !== null)).toBe(true);
  }

  #come({ way, subject }: Extract<Step, { type: 'come' }>): void {
    const grant = aGrant({ subject });
    if (way === 'offer') {
      const gate = Promise.withResolvers<undefined>();
      this.core.node.gate = gate.promise;
      this.#gates.push(gate.resolve);
      this.core.publish({ grant }).catch((error: unknown) => this.#refused(error));
      return;
    }
    try {
      this.#channels.push(this.#stage.publishBySocket({ grant }).channel);
    } catch (error) {
      this.#refused(error);
    }
  }

  #answer({ which, fails }: Extract<Step, { type: 'answer' }>): void {
    const [resolve] = this.#gates.splice(which % Math.max(this.#gates.length, 1), 1);
    if (fails && resolve !== undefined) {
      this.core.node.failures.push(new GatewayError('upstream-rejected', 'no'));
    }
    resolve?.(undefined);
  }

  #change(step: Exclude<Step, { type: 'come' | 'answer' }>): void {
    const sessions = this.core.registry.sessions();
    const session = sessions[step.which % Math.max(sessions.length, 1)];
    if (session === undefined) return;
    if (step.type === 'live') this.core.sessions.setLive(session);
    else if (step.reason === 'kicked') void this.core.sessions.kick(session);
    else if (step.reason === 'left') this.#leave(session);
    else void this.core.sessions.end(session, step.reason);
  }

  /** Its peer went away, and the node or socket knows. */
  #leave(session: Session): void {
    this.core.node.listed.delete(session.place?.clientId ?? '');
    this.#channels
      .find(({ told }) => JSON.stringify(told).includes(session.secret))
      ?.dismiss('ended');
    void this.core.sessions.end(session, 'left');
  }

  /** Nobody but one subject publishes, at most once in each mode, and the books agree. */
  #requireOneOwner(): void {
    const { registry } = this.core;
    const all = registry.sessions();
    expect(new Set(all.map(({ grant }) => grant.subject)).size).toBeLessThanOrEqual(1);
    expect(new Set(all.map(({ transport }) => transport)).size).toBe(all.length);
    expect(new Set(registry.room(ROOM)?.publishersOf(SOURCE))).toEqual(new Set(all));
    if (all.length === 2) reached.sideBySide += 1;
  }

  #refused(error: unknown): void {
    if (!(error instanceof GatewayError)) throw error;
    if (error.code === 'source-busy') reached.busy += 1;
    else if (error.reason === 'replaced') reached.replaced += 1;
    else reached.refused += 1;
  }
}

it('[MEDIA-42] a source has one owner, however publishers of two subjects race in both modes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(aStep, { minLength: 1, maxLength: 40, size: 'max' }),
      async (steps) => {
        const race = new Race(await aMediaStage());
        for (const step of steps) await race.take(step);
        await race.settle();
      },
    ),
    sameRuns(300),
  );
  for (const [what, times] of Object.entries(reached)) expect(times, what).toBeGreaterThan(20);
});
