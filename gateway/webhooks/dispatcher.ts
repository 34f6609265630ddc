import type { Logger } from '../observability/logger.ts';
import { attempt, type Outcome } from './attempt.ts';
import { GIVE_UP_MS, pauseAfter } from './backoff.ts';
import { liveSecrets, type Endpoint } from './endpoint.ts';
import type { EndpointBook } from './endpoint-book.ts';
import { Lanes, type Lane } from './lanes.ts';
import type { Outbox, Waiting } from './outbox.ts';
import type { Span, SpanOptions } from '../tracing/span.ts';
import { signatureHeaders } from './signature.ts';
import type { TargetRule } from './target-rule.ts';

/** Attempts under way to one endpoint; one that fails is asked by one at a time. */
const AT_ONCE = 4;
/** An endpoint that fails for so long is disabled. */
export const DISABLE_MS = 3 * 24 * 3_600_000;

export interface DispatcherParts {
  readonly book: EndpointBook;
  readonly outbox: Outbox;
  readonly rule: TargetRule;
  readonly log: Logger;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** The span of one attempt to deliver an event. */
  readonly trace: (event: string, options: SpanOptions) => Span;
  /** What became of an attempt. */
  readonly onAttempt: (outcome: 'delivered' | 'failed' | 'dead') => void;
  /** An endpoint is of no use any more. */
  readonly onHopeless: (endpoint: Endpoint, why: string) => void;
}

/**
 * Delivers what waits: of each endpoint and room one at a time and in order, again until it is taken
 * or a day old. No endpoint waits for another.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #lanes = new Map<string, Lanes>();
  readonly #underWay = new Set<Promise<void>>();
  #open = true;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Deliveries that wait: for an endpoint, or in all. */
  waiting(endpoint?: string): number {
    if (endpoint !== undefined) return this.#lanes.get(endpoint)?.size ?? 0;
    let sum = 0;
    for (const { size } of this.#lanes.values()) sum += size;
    return sum;
  }

  /** Takes on what waits, in its order. */
  add(deliveries: readonly Waiting[]): void {
    const { book, now } = this.#parts;
    const touched = new Set<string>();
    for (const { seq, endpoint, room, at, nextAt } of deliveries) {
      if (book.find(endpoint) === undefined) continue;
      const lanes = this.#lanes.get(endpoint) ?? new Lanes();
      this.#lanes.set(endpoint, lanes);
      const isFirst = lanes.laneOf(room) === undefined;
      lanes.add(room, seq, at);
      touched.add(endpoint);
      const lane = lanes.laneOf(room);
      if (!isFirst || lane === undefined || nextAt === null) continue;
      lane.isAway = true;
      lanes.rest(lane, Math.max(0, nextAt - now()), () => this.pump(endpoint));
    }
    for (const endpoint of touched) this.pump(endpoint);
  }

  /** Begins what may begin: after something changed for this endpoint. */
  pump(id: string): void {
    const lanes = this.#lanes.get(id);
    if (lanes === undefined) return;
    for (;;) {
      const endpoint = this.#parts.book.find(id);
      if (!this.#open || endpoint?.enabled !== true) return;
      if (lanes.active >= (endpoint.failingSince === null ? AT_ONCE : 1)) return;
      const lane = lanes.take();
      if (lane === undefined) return;
      lanes.active += 1;
      const run = this.#run(endpoint, lanes, lane).finally(() => {
        lanes.active -= 1;
        this.#underWay.delete(run);
        this.pump(id);
      });
      this.#underWay.add(run);
    }
  }

  /** An endpoint was changed: what rests is tried at once. */
  refresh(id: string): void {
    this.#lanes.get(id)?.wake();
    this.pump(id);
  }

  /** Sends one message now, past what waits. */
  send(endpoint: Endpoint, event: string, body: string): Promise<Outcome> {
    return this.#send(endpoint, { event, body }, AbortSignal.timeout(GIVE_UP_MS));
  }

  /** Forgets what waits for an endpoint since before a time. */
  drop(id: string, before: number): void {
    this.#lanes.get(id)?.drop(before);
  }

  /** An endpoint is no more. */
  delete(id: string): void {
    this.#lanes.get(id)?.close();
    this.#lanes.delete(id);
  }

  /** Ends what is under way, which waits in the outbox for the next start. */
  async close(): Promise<void> {
    this.#open = false;
    for (const lanes of this.#lanes.values()) lanes.close();
    await Promise.allSettled(this.#underWay);
  }

  async #run(endpoint: Endpoint, lanes: Lanes, lane: Lane): Promise<void> {
    const [first] = lane.queue;
    if (first === undefined) return;
    const { outbox, log, random } = this.#parts;
    try {
      const message = await outbox.message(first.seq);
      if (message === undefined) {
        lanes.advance(lane);
        return;
      }
      const outcome = await this.#send(endpoint, message, lanes.ending.signal);
      // What was cut off by us is no attempt.
      if (lanes.ending.signal.aborted && outcome.kind !== 'delivered') return;
      await this.#settle(endpoint, lanes, lane, { ...first, attempts: message.attempts }, outcome);
    } catch (error) {
      log.error({ err: error, webhook: endpoint.id }, 'delivery not noted');
      lanes.rest(lane, pauseAfter(1, random()), () => this.pump(endpoint.id));
    }
  }

  async #settle(
    endpoint: Endpoint,
    lanes: Lanes,
    lane: Lane,
    { seq, at, attempts }: { seq: number; at: number; attempts: number },
    outcome: Outcome,
  ): Promise<void> {
    const { book, outbox, now, random, onAttempt, onHopeless } = this.#parts;
    const time = now();
    const since = book.find(endpoint.id)?.failingSince ?? null;
    if (outcome.kind === 'delivered') {
      onAttempt('delivered');
      await outbox.note(seq, outcome, { at: time, nextAt: null });
      lanes.advance(lane);
      if (since === null) return;
      await book.setFailing(endpoint.id, null);
      lanes.wake();
      return;
    }
    const failingSince = since ?? time;
    await book.setFailing(endpoint.id, failingSince);
    const isOver = time - at >= GIVE_UP_MS;
    const pause = Math.max(pauseAfter(attempts + 1, random()), outcome.pauseMs);
    onAttempt(isOver ? 'dead' : 'failed');
    await outbox.note(seq, outcome, { at: time, nextAt: isOver ? null : time + pause });
    if (isOver) lanes.advance(lane);
    else {
      lane.isAway = outcome.kind === 'unreachable';
      lanes.rest(lane, pause, () => this.pump(endpoint.id));
    }
    if (outcome.kind === 'gone') onHopeless(endpoint, outcome.detail);
    else if (time - failingSince >= DISABLE_MS) onHopeless(endpoint, HOPELESS);
  }

  async #send(
    endpoint: Endpoint,
    { event, body }: { readonly event: string; readonly body: string },
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { rule, trace } = this.#parts;
    const time = this.#parts.now();
    const attributes = {
      'server.address': new URL(endpoint.url).hostname,
      'pixelcast.webhook': endpoint.id,
      'pixelcast.event': event,
    };
    const span = trace(event, { kind: 'client', attributes });
    const headers = signatureHeaders(
      { id: event, timestamp: Math.floor(time / 1000), body },
      liveSecrets(endpoint, time),
    );
    const message = { url: endpoint.url, headers: { ...span.headers, ...headers }, body, signal };
    const outcome = await attempt(message, rule);
    span.set({ 'http.response.status_code': outcome.status ?? undefined });
    if (outcome.kind !== 'delivered') span.fail(outcome.kind);
    span.end();
    return outcome;
  }
}

const HOPELESS = `Nothing could be delivered for ${DISABLE_MS / (24 * 3_600_000)} days.`;
