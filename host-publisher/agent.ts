import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostFigures } from '../gateway/protocol/host.ts';
import type { IceServers } from './gateway/ice-servers.ts';
import type { WhipEndpoint } from './gateway/whip-session.ts';
import { toHostError, type HostError } from './host-error.ts';
import { HostPost, type HostPostOptions } from './host-post.ts';
import type { FromMedia } from './media/messages.ts';
import type { MediaPlan } from './media/plan.ts';
import { backOffMs } from './supervision/back-off.ts';
import { MediaSupply } from './supervision/media-supply.ts';
import { OnDemand } from './supervision/on-demand.ts';
import { PublisherFallback } from './supervision/publisher-fallback.ts';
import { Publishing } from './supervision/publishing.ts';

/** Failures of the media process before it has ever worked: something is wrong here. */
const MEDIA_ATTEMPTS = 4;

export interface AgentOptions {
  readonly plan: MediaPlan;
  readonly endpoint: WhipEndpoint;
  readonly say: (line: string) => void;
  /** The host socket; absent: none, and it publishes always. */
  readonly post?: Pick<HostPostOptions, 'socketUrl' | 'version' | 'control'>;
  /** How long it goes on without a viewer, in milliseconds; null: it publishes always. */
  readonly graceMs?: number | null;
  /** Asked where the plan has no ICE servers. */
  readonly iceServers?: IceServers;
  readonly onLive?: (mediaPid: number) => void;
  /** Milliseconds from the process's start, or from the demand, to the picture's first packet. */
  readonly onStart?: (tookMs: number) => void;
  readonly onFigures?: (figures: HostFigures) => void;
  /** A media process that was started ahead, for the first attempt. */
  readonly media?: ChildProcess | undefined;
  /** The media child's module; a test may give another. */
  readonly childPath?: string;
}

/** Publishes when it is wanted until it is stopped: again after every failure that may heal. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #supply: MediaSupply;
  readonly #demand: OnDemand;
  readonly #fallback: PublisherFallback;
  readonly #post: HostPost | null;
  readonly #over = Promise.withResolvers<undefined>();
  #turn = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #publishing: Publishing | null = null;
  /** A media process has found what it needs, or published. */
  #worked = false;
  #wasLive = false;
  #mediaFailures = 0;
  #notice = '';
  /** The wait for this publication began, in epoch milliseconds. */
  #wantedAtMs: number | null = null;
  #stopped = false;

  constructor(options: AgentOptions) {
    const { plan, endpoint, post, say } = options;
    this.#options = options;
    this.#supply = new MediaSupply({ ahead: options.media, childPath: options.childPath });
    this.#fallback = new PublisherFallback(plan.publisher);
    this.#demand = new OnDemand({
      graceMs: options.graceMs ?? 0,
      start: () => this.#begin(),
      end: () => this.#next((signal) => this.#rest(signal)),
      onState: (state) => {
        if (!this.#stopped) this.#post?.enter(state);
      },
    });
    this.#post =
      post === undefined
        ? null
        : new HostPost({
            ...post,
            plan,
            token: endpoint.token,
            say,
            onDemand: this.#isOnDemand,
            demand: this.#demand,
            onWelcome: () => this.#publishing?.recheck(),
            onHopeless: (error) => this.#over.reject(error),
          });
  }

  /** Ends the session, its media and `run`. */
  stop(): void {
    this.#over.resolve(undefined);
  }

  /** Resolves after `stop`; fails with what no further attempt can heal. */
  async run(): Promise<void> {
    if (this.#options.plan.iceServers.length === 0) this.#options.iceServers?.refresh();
    if (this.#isOnDemand) this.#next((signal) => this.#rest(signal));
    else this.#demand.publishAlways();
    try {
      await this.#over.promise;
    } finally {
      this.#stopped = true;
      this.#demand.stop();
      this.#turn.abort();
      await this.#work;
      await Promise.all([this.#post?.close(), this.#supply.close()]);
    }
  }

  get #isOnDemand(): boolean {
    return this.#options.post !== undefined && (this.#options.graceMs ?? null) !== null;
  }

  #begin(): void {
    const isFirstOfAlways = this.#wantedAtMs === null && this.#demand.isAlways;
    this.#wantedAtMs = isFirstOfAlways ? performance.timeOrigin : Date.now();
    this.#next((signal) => this.#publish(signal));
  }

  /** Ends what is done now, and does this after it. */
  #next(task: (signal: AbortSignal) => Promise<void>): void {
    this.#turn.abort();
    if (this.#stopped) return;
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    this.#work = this.#work.then(() => (signal.aborted ? undefined : task(signal)));
  }

  /** Waits with a warm media process. */
  async #rest(signal: AbortSignal): Promise<void> {
    const stopped = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    let failures = 0;
    while (!signal.aborted) {
      try {
        const warm = this.#supply.keepWarm(this.#plan([]), (message) => {
          if (message.type === 'equipped') {
            this.#worked = true;
            failures = 0;
          }
          this.#hear(message);
        });
        await Promise.race([warm, stopped]);
      } catch (error) {
        const failure = toHostError(error, 'media');
        if (!this.#mayHeal(failure)) return;
        failures += 1;
        const waitMs = backOffMs(failures);
        this.#post?.failed(failure);
        this.#say(failure, waitMs);
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #publish(signal: AbortSignal): Promise<void> {
    const publishing = new Publishing({
      endpoint: this.#options.endpoint,
      signal,
      take: (onMessage) => {
        const child = this.#supply.take(onMessage);
        this.#post?.begin(child);
        return child;
      },
      plan: async () => this.#plan(await this.#iceServers()),
      onMessage: (message) => this.#hear(message),
      onLive: (child, { encoder, codec }, firstPacketAtMs) => {
        if (this.#wantedAtMs !== null) this.#options.onStart?.(firstPacketAtMs - this.#wantedAtMs);
        this.#worked = true;
        this.#wasLive = true;
        this.#mediaFailures = 0;
        this.#fallback.worked();
        this.#demand.live();
        this.#options.say(describeLive(this.#options.plan, encoder, codec));
        this.#post?.live();
        this.#options.onLive?.(child.pid);
      },
    });
    this.#publishing = publishing;
    try {
      await publishing.run();
    } catch (error) {
      const failure = toHostError(error, 'media');
      if (!signal.aborted && publishing.hasReachedMedia(failure)) this.#replacePublisher(failure);
      if (!signal.aborted && this.#mayHeal(failure)) {
        this.#post?.failed(failure);
        this.#say(failure, this.#demand.failed(failure.retryAfterMs));
      }
    } finally {
      this.#publishing = null;
      this.#post?.ended();
    }
  }

  #hear(message: FromMedia): void {
    if (message.type === 'notice' && message.text !== this.#notice) {
      this.#notice = message.text;
      this.#options.say(message.text);
    }
    if (message.type === 'equipped') this.#fallback.chose(message.publisher);
    if (message.type === 'figures') this.#options.onFigures?.(message.figures);
    this.#post?.hear(message);
  }

  /** Ends `run` with a failure that nothing can heal. */
  #mayHeal(error: HostError): boolean {
    this.#supply.blame(error);
    if (error.code === 'media') this.#mediaFailures += 1;
    const { code } = error;
    const heals =
      code === 'gateway' ||
      (code === 'media' && (this.#worked || this.#mediaFailures < MEDIA_ATTEMPTS)) ||
      (code === 'source-missing' && this.#worked) ||
      // A server may hold our own former name for a while; on demand another one may be done soon.
      (code === 'busy' && (this.#wasLive || !this.#demand.isAlways));
    if (!heals) this.#over.reject(error);
    return heals;
  }

  #replacePublisher(error: HostError): void {
    const line = this.#fallback.failed(error);
    if (line !== null) this.#options.say(line);
  }

  #say(error: HostError, waitMs: number): void {
    this.#options.say(`${error.message} Next attempt in ${(waitMs / 1000).toFixed(1)} s.`);
  }

  #plan(iceServers: MediaPlan['iceServers']): MediaPlan {
    const { plan } = this.#options;
    const { excludedEncoders } = this.#supply;
    const { excluded: excludedPublishers } = this.#fallback;
    const { picture, fixed } = this.#post?.planned() ?? plan;
    return { ...plan, iceServers, excludedEncoders, excludedPublishers, picture, fixed };
  }

  async #iceServers(): Promise<MediaPlan['iceServers']> {
    const { plan, iceServers } = this.#options;
    if (plan.iceServers.length > 0 || iceServers === undefined) return plan.iceServers;
    return [...(await iceServers.current())];
  }
}

function describeLive(plan: MediaPlan, encoder: string, codec: string): string {
  const { width, height, fps, bitrateKbps } = plan.picture;
  return (
    `Publishing ${plan.source}, ${width}x${height} at ${fps} frames per second, ` +
    `${codec} by ${encoder} up to ${bitrateKbps} kbit/s.`
  );
}
