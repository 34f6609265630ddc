import type { Logger } from '../observability/logger.ts';
import type { MediaNode } from '../media/node.ts';
import type { AddressProbeView, AddressView } from '../protocol/addresses.ts';
import type { Nodes } from '../rooms/nodes.ts';
import type { OpenTrial, Trials } from '../rooms/trials.ts';
import type { Candidate } from '../sdp/candidate.ts';
import type { AnnouncedAddress } from './announced-address.ts';
import { iceCheck } from './ice-check.ts';
import type { Audience } from './judge-addresses.ts';
import { PublicAddresses } from './public-addresses.ts';
import { trialOffer } from './trial-offer.ts';

/** After which a node that let no trial in is tried again. */
const TRY_AGAIN_MS = 5_000;

/** As whom the gateway tries a node. */
const SELF = '127.0.0.1';

export interface AddressDeskOptions {
  /** For nodes that have none of their own; empty: nodes announce theirs. */
  readonly fallback: readonly AnnouncedAddress[];
  readonly nodes: Nodes;
  readonly audience: Omit<Audience, 'client'>;
  readonly isRouter: (client: string) => boolean;
  /** 0: only when asked. */
  readonly everyMs: number;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Where clients are told to send media, for each node, and whether that leads to it. */
export class AddressDesk {
  readonly #options: AddressDeskOptions;
  readonly #byNode = new WeakMap<MediaNode, PublicAddresses>();
  readonly #trialErrors = new WeakMap<MediaNode, string>();
  readonly #again = new Map<MediaNode, NodeJS.Timeout>();
  readonly #closing = new AbortController();
  #trials: Trials | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: AddressDeskOptions) {
    this.#options = options;
  }

  /** By what nodes are tried. */
  use(trials: Trials): void {
    this.#trials = trials;
  }

  start(): void {
    const { everyMs } = this.#options;
    if (everyMs > 0) this.#timer = setInterval(() => void this.probe(), everyMs);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    for (const timer of this.#again.values()) clearTimeout(timer);
    await this.#running;
  }

  /** The candidates that a client gets in place of a node's. */
  announce(node: MediaNode, own: readonly Candidate[], client: string): readonly Candidate[] {
    return this.#of(node).announce(own, client);
  }

  view(node: MediaNode): AddressView {
    return this.#of(node).view();
  }

  /** Why the last trial of a node by the gateway itself failed; null: it did not, or was not made. */
  trialError(node: MediaNode): string | null {
    return this.#trialErrors.get(node) ?? null;
  }

  /** All of them. */
  views(): readonly AddressView[] {
    return this.#options.nodes.list().map(({ node }) => this.view(node));
  }

  /** A node answers anew: judges what is set for it and tries it, unless that is only done when asked. */
  async welcome(node: MediaNode): Promise<void> {
    await this.#of(node).refresh();
    if (this.#options.everyMs > 0) await this.#try(node);
  }

  /** Looks names up anew and tries every healthy node; who comes meanwhile gets the same. */
  probe(): Promise<void> {
    const healthy = this.#options.nodes.healthy().map(({ node }) => node);
    this.#running ??= Promise.all(healthy.map((node) => this.#refreshAndTry(node)))
      .then(() => undefined)
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #refreshAndTry(node: MediaNode): Promise<void> {
    await this.#of(node).refresh();
    await this.#try(node);
  }

  async #try(node: MediaNode): Promise<void> {
    const trials = this.#trials;
    if (trials === undefined || this.#isClosing()) return;
    try {
      const trial = await trials.open({ node, offer: trialOffer(), address: SELF });
      this.#noteTrial(node, null);
      try {
        this.#of(node).noteProbes(await this.#checkAll(trial));
      } finally {
        await trials.end(trial.id);
      }
    } catch (error) {
      if (this.#isClosing()) return;
      const why = error instanceof Error ? error.message : String(error);
      this.#noteTrial(node, why);
      this.#options.log.warn({ node: node.name, why }, 'a node’s addresses could not be tried');
    }
  }

  /** A session that nobody can open there is none that a client could have: such a node is chosen last. */
  #noteTrial(node: MediaNode, error: string | null): void {
    const known = this.#options.nodes.of(node);
    clearTimeout(this.#again.get(node));
    this.#again.delete(node);
    if (error === null) this.#trialErrors.delete(node);
    else this.#trialErrors.set(node, error);
    if (known === undefined) return;
    known.trialFailures = error === null ? 0 : known.trialFailures + 1;
    if (error === null || this.#options.everyMs === 0) return;
    this.#again.set(
      node,
      setTimeout(() => {
        this.#again.delete(node);
        if (this.#options.nodes.healthy().includes(known)) void this.#try(node);
      }, TRY_AGAIN_MS),
    );
  }

  #checkAll(trial: OpenTrial): Promise<readonly AddressProbeView[]> {
    const login = {
      localUfrag: trial.offerUfrag,
      remoteUfrag: trial.iceUfrag,
      remotePwd: trial.icePwd,
    };
    const { now } = this.#options;
    const terms = { now, closing: this.#closing.signal };
    const places = trial.candidates.filter(({ transport }) => transport === 'udp');
    return Promise.all(places.map((place) => iceCheck(place, login, terms)));
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #of(node: MediaNode): PublicAddresses {
    const known = this.#byNode.get(node);
    if (known !== undefined) return known;
    const { fallback, nodes, audience, isRouter, log } = this.#options;
    const created = new PublicAddresses({
      configured: nodes.of(node)?.announced ?? fallback,
      node: node.name,
      ...{ audience, isRouter, log },
    });
    this.#byNode.set(node, created);
    return created;
  }
}
