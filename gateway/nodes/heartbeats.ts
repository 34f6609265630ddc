import type { NodeSettings } from '../config/node-settings.ts';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import type { NodeIdentity } from '../media/node.ts';
import type { Logger } from '../observability/logger.ts';
import { isHealthy, nameOf, type KnownNode, type Nodes } from '../rooms/nodes.ts';
import { heartbeatAddress } from './heartbeat-address.ts';
import type { Roster } from './roster.ts';

const LOOK_EVERY_MS = 1_000;
const SECONDS = LIMITS.heartbeatSilentMs / 1000;
const SILENT = `No heartbeat of it came for ${SECONDS} s.`;

/** A media server that says that it is there. */
export interface Heartbeat {
  /** Its service id: one run of it. */
  readonly service: string;
  /** Its API, as it writes it: a port, or an address and a port. */
  readonly api: string;
}

/**
 * Servers that make themselves known. One is believed to be at the address that it calls from, once its
 * API there has the service id of its heartbeat. One that falls silent takes no new source, and is
 * forgotten once its API is silent too.
 */
export class Heartbeats {
  readonly #nodes: Nodes;
  readonly #roster: Roster;
  readonly #settingsOf: (apiUrl: string) => NodeSettings;
  readonly #identify: (settings: NodeSettings) => Promise<NodeIdentity>;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #lastAt = new Map<KnownNode, number>();
  readonly #asking = new Set<string>();
  /** Why the last heartbeat was refused, by where it came from. */
  readonly #refused = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: {
    readonly nodes: Nodes;
    readonly roster: Roster;
    readonly settingsOf: (apiUrl: string) => NodeSettings;
    /** Asks a server that is not known yet who it is. */
    readonly identify: (settings: NodeSettings) => Promise<NodeIdentity>;
    readonly log: Logger;
    /** Milliseconds of a clock that never goes back. */
    readonly now: () => number;
  }) {
    this.#nodes = deps.nodes;
    this.#roster = deps.roster;
    this.#settingsOf = deps.settingsOf;
    this.#identify = deps.identify;
    this.#log = deps.log;
    this.#now = deps.now;
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), LOOK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * One heartbeat; `sender` is the IP address that it came from.
   * @throws GatewayError `bad-request`, `scope-insufficient` when it is not for this address or of another server, `name-taken`, `capacity`, `rate-limited`
   */
  async beat(heartbeat: Heartbeat, sender: string): Promise<void> {
    const from = `${sender} ${heartbeat.api}`;
    try {
      await this.#take(heartbeat, sender);
      this.#refused.delete(from);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (this.#refused.get(from) !== why) this.#log.warn({ sender, why }, 'heartbeat refused');
      if (this.#refused.size >= LIMITS.nodes) this.#refused.clear();
      this.#refused.set(from, why);
      throw error;
    }
  }

  async #take({ service, api }: Heartbeat, sender: string): Promise<void> {
    const apiUrl = heartbeatAddress(api, sender);
    const name = nameOf(apiUrl);
    const known = this.#nodes.named(name) ?? this.#nodes.ofService(service);
    if (known === undefined || this.#roster.isLeaving(known)) {
      await this.#meet(apiUrl, service);
      return;
    }
    // By SRS_NODES, a file or an operator: its address may be written in another way there.
    if (known.origin !== 'heartbeat') return;
    const isAnother = known.identity !== null && known.identity.service !== service;
    if (known.node.name !== name || isAnother) throw another(name);
    this.#lastAt.set(known, this.#now());
    if (known.hold === SILENT) {
      known.hold = null;
      this.#log.info({ node: name }, 'heartbeats of a media server come again');
    }
  }

  /** Looks who has fallen silent, as its interval does. */
  tick(): void {
    for (const [known, lastAt] of this.#lastAt) {
      if (!this.#nodes.list().includes(known)) {
        this.#lastAt.delete(known);
        continue;
      }
      const silentMs = this.#now() - lastAt;
      if (silentMs >= LIMITS.heartbeatSilentMs && known.hold === null) {
        known.hold = SILENT;
        this.#log.warn({ node: known.node.name }, 'no heartbeat of a media server comes');
      }
      const isGone = silentMs >= LIMITS.heartbeatForgetMs && !isHealthy(known);
      if (isGone && !this.#roster.isLeaving(known)) {
        this.#roster.leave(known, { afterMs: 0, spreadMs: 0 });
      }
    }
  }

  async #meet(apiUrl: string, service: string): Promise<void> {
    const name = nameOf(apiUrl);
    if (this.#asking.has(name) || this.#asking.size >= LIMITS.heartbeatsAsked) {
      throw new GatewayError('rate-limited', 'Media servers are being asked who they are.', {
        retryAfterSeconds: 1,
      });
    }
    this.#asking.add(name);
    try {
      const settings = this.#settingsOf(apiUrl);
      const identity = await this.#identify(settings);
      if (identity.service !== service) throw another(name);
      const known = this.#roster.add('heartbeat', settings);
      this.#lastAt.set(known, this.#now());
      known.hold = null;
      this.#log.info({ node: name, version: identity.version }, 'a media server made itself known');
    } finally {
      this.#asking.delete(name);
    }
  }
}

const another = (name: string): GatewayError =>
  new GatewayError('scope-insufficient', `Another media server answers at ${name}.`);
