import type { ChildProcess } from 'node:child_process';
import type { HostFigures, HostState } from '../gateway/protocol/host.ts';
import type { IceServers } from './gateway/ice-servers.ts';
import type { WhipEndpoint } from './gateway/whip-session.ts';
import type { DirectDeskOptions } from './direct/direct-desk.ts';
import { HostError } from './host-error.ts';
import { HostPost, type HostPostOptions } from './host-post.ts';
import type { FromMedia } from './media/messages.ts';
import type { MediaMode, MediaPlan } from './media/plan.ts';
import { DirectPublications } from './supervision/direct-publications.ts';
import { keepRested } from './supervision/keep-rested.ts';
import { MediaSupply } from './supervision/media-supply.ts';
import type { MediaChild } from './supervision/media-child.ts';
import { ModeRun } from './supervision/mode-run.ts';
import { Modes } from './supervision/modes.ts';
import { SharedFailures } from './supervision/shared-failures.ts';
import { publishStripes } from './supervision/stripes-publishing.ts';
import { Turns } from './supervision/turns.ts';
import { WhipPublications } from './supervision/whip-publications.ts';

/** Failures of the media process before it has ever worked: something is wrong here. */
const MEDIA_ATTEMPTS = 4;

export interface AgentOptions {
  readonly plan: MediaPlan;
  readonly endpoint: WhipEndpoint;
  readonly say: (line: string) => void;
  /** The host socket; absent: none, and it publishes always. */
  readonly post?: Pick<HostPostOptions, 'socketUrl' | 'version' | 'control'>;
  /** The media socket of the source; absent: it publishes by WebRTC alone. */
  readonly mediaUrl?: string;
  /** Signalling of the source; absent: it answers no clients. */
  readonly direct?: Pick<DirectDeskOptions, 'url' | 'room' | 'source' | 'mostClients'>;
  /** How long it goes on without a viewer, in milliseconds; null: it publishes always. */
  readonly graceMs?: number | null;
  /** Asked where the plan has no ICE servers. */
  readonly iceServers?: IceServers;
  /** Something of what is published by WebRTC has gone out, or it captures for clients. */
  readonly onLive?: (mediaPid: number) => void;
  /** Milliseconds from the process's start, or from the demand, to the picture's first packet by WebRTC. */
  readonly onStart?: (tookMs: number) => void;
  readonly onFigures?: (figures: HostFigures) => void;
  /** A media process that was started ahead, for the first attempt. */
  readonly media?: ChildProcess | undefined;
  /** The media child's module; a test may give another. */
  readonly childPath?: string;
}

/** Publishes when it is wanted until it is stopped: each mode again after every failure that may heal. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #supply: MediaSupply;
  readonly #modes: Modes;
  readonly #whip: WhipPublications;
  readonly #rest = new Turns();
  readonly #failures: SharedFailures;
  readonly #post: HostPost | null;
  readonly #direct: DirectPublications | null;
  readonly #over = Promise.withResolvers<undefined>();
  /** A media process has found what it needs, or published. */
  #worked = false;
  #mediaFailures = 0;
  #notice = '';
  #stopped = false;

  constructor(options: AgentOptions) {
    const { plan, endpoint, post, say, mediaUrl } = options;
    this.#options = options;
    this.#failures = new SharedFailures(say);
    this.#supply = new MediaSupply({ ahead: options.media, childPath: options.childPath });
    this.#whip = new WhipPublications({
      ...{ endpoint, say, publisher: plan.publisher, iceServers: options.iceServers },
      onStart: (tookMs) => options.onStart?.(tookMs),
      take: () => this.#take('webrtc'),
      plan: () => this.#plan('webrtc'),
      onMessage: (message) => this.#hear(message),
      onLive: ({ pid }) => {
        this.#live('webrtc');
        options.onLive?.(pid);
      },
    });
    const direct = this.#newDirect();
    this.#direct = direct;
    this.#modes = new Modes({
      webrtc: plan.modes.includes('webrtc')
        ? this.#run('webrtc', (signal) => this.#whip.publish(signal))
        : null,
      websocket:
        plan.modes.includes('websocket') && mediaUrl !== undefined
          ? this.#run('websocket', (signal) => this.#publishStripes(mediaUrl, signal))
          : null,
      direct: direct === null ? null : this.#run('direct', (signal) => direct.publish(signal)),
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
            demand: this.#modes,
            onWelcome: () => this.#whip.recheck(),
            onLeases: (leases) => {
              if (leases === null) this.#direct?.desk.disconnected();
              else this.#direct?.desk.lease(leases);
            },
            onHopeless: (error) => this.#over.reject(error),
          });
  }

  /** Ends what is published, its media and `run`. */
  stop(): void {
    this.#over.resolve(undefined);
  }

  /** Resolves after `stop`; fails with what no further attempt can heal. */
  async run(): Promise<void> {
    if (this.#options.plan.iceServers.length === 0) this.#options.iceServers?.refresh();
    this.#direct?.desk.open();
    if (this.#isOnDemand) this.#beginRest();
    else this.#modes.publishAlways();
    try {
      await this.#over.promise;
    } finally {
      this.#stopped = true;
      await this.#direct?.desk.close();
      await Promise.all([this.#modes.stop(), this.#rest.stop()]);
      await Promise.all([this.#post?.close(), this.#supply.close()]);
    }
  }

  get #isOnDemand(): boolean {
    return this.#options.post !== undefined && (this.#options.graceMs ?? null) !== null;
  }

  #run(mode: MediaMode, publish: (signal: AbortSignal) => Promise<never>): ModeRun {
    return new ModeRun({
      graceMs: this.#options.graceMs ?? 0,
      onState: (state) => this.#enter(mode, state),
      publish: (signal) => publish(signal).finally(() => this.#post?.ended(mode)),
      mayHeal: (error) => this.#mayHeal(error, this.#failures.isNew(mode, error.message)),
      onFailed: (error, waitMs) => {
        this.#post?.failed(error);
        if (!this.#failures.isEcho(mode)) this.#say(error, waitMs);
      },
    });
  }

  #enter(mode: MediaMode, state: HostState): void {
    if (this.#stopped) return;
    if (mode === 'webrtc' && state === 'starting') this.#whip.wanted(this.#modes.areAlways);
    this.#post?.enter(mode, state);
    if (!this.#modes.areIdle) this.#rest.abort();
    else if (this.#isOnDemand) this.#beginRest();
  }

  /** Waits with a warm media process. */
  #beginRest(): void {
    this.#rest.next(async (signal) => {
      await this.#modes.settled();
      await keepRested({
        signal,
        warm: (onMessage) => this.#supply.keepWarm(this.#plan('webrtc'), onMessage),
        onMessage: (message) => {
          if (message.type === 'equipped') this.#worked = true;
          this.#hear(message);
        },
        mayHeal: (error) => this.#mayHeal(error),
        onFailed: (error, waitMs) => {
          this.#post?.failed(error);
          this.#say(error, waitMs);
        },
      });
    });
  }

  #publishStripes(url: string, signal: AbortSignal): Promise<never> {
    const { endpoint, say, plan } = this.#options;
    return publishStripes({
      ...{ url, signal, token: endpoint.token },
      take: () => this.#take('websocket'),
      plan: () => this.#plan('websocket'),
      onMessage: (message) => this.#hear(message),
      onLive: () => {
        this.#live('websocket');
        if (isAlone('websocket', plan)) say(`Publishing ${plan.source} by WebSocket.`);
      },
    });
  }

  #newDirect(): DirectPublications | null {
    const { plan, endpoint, direct, say } = this.#options;
    if (direct === undefined || !plan.modes.includes('direct')) return null;
    return new DirectPublications({
      ...{ ...direct, say, token: endpoint.token, iceServers: plan.iceServers },
      onDemand: (clients) => this.#modes.wantDirect(clients),
      onFrame: (frame) => this.#post?.takeDirect(frame),
      onBarred: (error) => {
        if (isAlone('direct', plan)) this.#over.reject(error);
        else say(error.message);
      },
      take: () => this.#take('direct'),
      plan: () => this.#plan('direct'),
      onMessage: (message) => this.#hear(message),
      onLive: ({ pid }) => {
        this.#live('direct');
        this.#options.onLive?.(pid);
      },
    });
  }

  #take(mode: MediaMode): MediaChild {
    const child = this.#supply.take((message) => this.#hear(message));
    this.#post?.begin(mode, child);
    return child;
  }

  #live(mode: MediaMode): void {
    this.#worked = true;
    this.#mediaFailures = 0;
    this.#modes.live(mode);
    this.#post?.live(mode);
    if (mode === 'webrtc') this.#failures.tell();
  }

  #hear(message: FromMedia): void {
    const { say, plan } = this.#options;
    if (message.type === 'notice' && message.text !== this.#notice) {
      this.#notice = message.text;
      say(message.text);
    }
    if (message.type === 'equipped' && message.publisher !== null) {
      this.#whip.chose(message.publisher);
    }
    if (message.type === 'figures') this.#options.onFigures?.(message.figures);
    if (message.type === 'stripes-lost' && message.barred) {
      const error = new HostError(message.code, message.message);
      if (isAlone('websocket', plan)) this.#over.reject(error);
      else this.#failures.bar(error.message, this.#modes.isStarting('webrtc'));
    }
    this.#post?.hear(message);
  }

  /** Ends `run` with a failure that nothing can heal. */
  #mayHeal(error: HostError, isNew = true): boolean {
    this.#supply.blame(error);
    if (error.code === 'media' && isNew) this.#mediaFailures += 1;
    const { code } = error;
    const heals =
      code === 'gateway' ||
      (code === 'media' && (this.#worked || this.#mediaFailures < MEDIA_ATTEMPTS)) ||
      (code === 'source-missing' && this.#worked) ||
      // A server may hold our own former name for a while; on demand another one may be done soon.
      (code === 'busy' && (this.#whip.wasLive || !this.#modes.areAlways));
    if (!heals) this.#over.reject(error);
    return heals;
  }

  #say(error: HostError, waitMs: number): void {
    this.#options.say(`${error.message} Next attempt in ${(waitMs / 1000).toFixed(1)} s.`);
  }

  #plan(mode: MediaMode): MediaPlan {
    const { plan } = this.#options;
    const { excludedEncoders } = this.#supply;
    const { excluded: excludedPublishers } = this.#whip;
    const { picture, fixed } = this.#post?.planned(mode) ?? plan;
    return { ...plan, excludedEncoders, excludedPublishers, picture, fixed };
  }
}

const isAlone = (mode: MediaMode, { modes }: MediaPlan): boolean =>
  modes.length === 1 && modes.includes(mode);
