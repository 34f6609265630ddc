import { GatewayError } from '../../errors.ts';
import type { MediaNode } from '../../media/node.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import { isHealthy, type KnownNode, type Nodes } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import type { CarriedPlaces } from './carried-places.ts';
import { chooseOfTwo } from './choose-of-two.ts';
import { isFull, isNearlyFull, strainOf } from './node-load.ts';
import type { NodeLoads } from './node-loads.ts';

/** Seconds after which it is worth while to ask again. */
const RETRY_SECONDS = { away: 2, full: 10 };

/** Trials in a row that failed, after which a node is asked for sessions last. */
const UNSOUND_AFTER = 2;

/** A node keeps one place for carriages, or for each of several as long as that is a small part. */
const KEPT_SHARE = 0.1;

/** Decides to which node a session goes. */
export class Placement {
  readonly #nodes: Nodes;
  readonly #registry: Registry;
  readonly #loads: NodeLoads;
  readonly #carried: CarriedPlaces;
  readonly #random: () => number;

  constructor(deps: {
    nodes: Nodes;
    registry: Registry;
    loads: NodeLoads;
    carried: CarriedPlaces;
    /** 0 up to 1. */
    random: () => number;
  }) {
    this.#nodes = deps.nodes;
    this.#registry = deps.registry;
    this.#loads = deps.loads;
    this.#carried = deps.carried;
    this.#random = deps.random;
  }

  /**
   * The node of a source that begins: the one where its viewers are, else the freer of two.
   * @throws GatewayError `node-unavailable` when none takes sources now, `capacity` when all of them are full
   */
  forSource(source: SourcePlace): MediaNode {
    const open = this.#open();
    if (open.length === 0) throw noneReady();
    const free = open.filter((known) => !this.isFull(known));
    const chosen = this.#choose(free, source);
    if (chosen === undefined) throw full('All media servers are full. Try again later.');
    return chosen;
  }

  /** The node of a source that begins if all had room; undefined while none takes any. */
  nearest(source: SourcePlace): MediaNode | undefined {
    return this.#choose(this.#open(), source);
  }

  /** Where one more viewer of a source goes. @throws GatewayError `capacity` */
  forViewer(source: SourcePlace, origin: MediaNode): MediaNode {
    const spot = this.spotFor(source, origin);
    if (spot !== undefined) return spot;
    const known = this.#nodes.of(origin);
    if (known !== undefined && !this.isFull(known)) return origin;
    throw full('The media server of this source is full. Try again later.');
  }

  /**
   * Where one more viewer fits: where the source is published, else where it is carried. The last
   * places at the origin are kept for carriages.
   */
  spotFor(source: SourcePlace, origin: MediaNode): MediaNode | undefined {
    const known = this.#nodes.of(origin);
    if (known === undefined || !this.#isNearlyFull(known, this.#keptPlaces(known, source))) {
      return origin;
    }
    const carried = this.#carried.of(source).flatMap(({ origin: from, target, isReady }) => {
      const there = isReady && from === origin ? this.#nodes.of(target) : undefined;
      return there === undefined ? [] : [there];
    });
    const free = carried.filter(
      (each) => isHealthy(each) && each.duty !== 'draining' && !this.isFull(each),
    );
    return this.#chooseFree(free);
  }

  /**
   * The node that a source could be carried to, with room for the carriage and a viewer; undefined
   * when there is none, or no room for the carriage at its origin.
   */
  targetFor(
    source: SourcePlace,
    { origin, fits }: { origin: MediaNode; fits: (known: KnownNode) => boolean },
  ): MediaNode | undefined {
    const from = this.#nodes.of(origin);
    if (from === undefined || this.isFull(from)) return undefined;
    const free = this.#open().filter(
      (known) =>
        known !== from &&
        !this.#isNearlyFull(known) &&
        !this.#carried.isAt(source, known.node) &&
        fits(known),
    );
    return this.#chooseFree(free);
  }

  /** Whether a limit of a node is reached. */
  isFull(known: KnownNode): boolean {
    return isFull(this.#loads.of(known), known.limits);
  }

  /** Share of what a node can carry that it uses; 1 is all. */
  strainOf(known: KnownNode): number {
    return strainOf(this.#loads.of(known), known.limits);
  }

  /** Those that take new sources; late ones, and those that let no trial in, only where all are. */
  #open(): readonly KnownNode[] {
    const open = this.#nodes.list().filter((known) => isHealthy(known) && isOpen(known));
    const prompt = open.filter(({ late }) => late === 0);
    const sound = prompt.filter(({ trialFailures }) => trialFailures < UNSOUND_AFTER);
    return [sound, prompt].find(({ length }) => length > 0) ?? open;
  }

  #choose(among: readonly KnownNode[], source: SourcePlace): MediaNode | undefined {
    const home = this.#homeOf(source);
    const atHome = among.find(({ node }) => node === home);
    if (atHome !== undefined) return atHome.node;
    return this.#chooseFree(among);
  }

  #chooseFree(among: readonly KnownNode[]): MediaNode | undefined {
    const choices = among.map((known) => ({ node: known.node, ...this.#weigh(known) }));
    return chooseOfTwo(choices, this.#random)?.node;
  }

  #isNearlyFull(known: KnownNode, places?: number): boolean {
    return isNearlyFull(this.#loads.of(known), known.limits, places);
  }

  /** One for each node that the source may yet be carried to. */
  #keptPlaces(origin: KnownNode, source: SourcePlace): number {
    const others = this.#open().filter((known) => known !== origin).length;
    const most = Math.floor((origin.limits.sessions ?? 0) * KEPT_SHARE);
    return Math.max(1, Math.min(others - this.#carried.of(source).length, most));
  }

  #weigh(known: KnownNode): { strain: number; sessions: number } {
    const load = this.#loads.of(known);
    return { strain: strainOf(load, known.limits), sessions: load.sessions };
  }

  /** From where a source is carried, else where most viewers of it are. */
  #homeOf({ room, source }: SourcePlace): MediaNode | undefined {
    const [carried] = this.#carried.of({ room, source });
    if (carried !== undefined) return carried.origin;
    const counts = new Map<MediaNode, number>();
    for (const { node } of this.#registry.room(room)?.viewerSessions(source) ?? []) {
      if (node !== null) counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
  }
}

/** Whether it is there for new sources, health apart. */
export const isOpen = ({ duty, hold }: KnownNode): boolean => duty === 'serving' && hold === null;

const noneReady = (): GatewayError =>
  new GatewayError(
    'node-unavailable',
    'No media server is ready right now. Try again in a moment.',
    { retryAfterSeconds: RETRY_SECONDS.away },
  );

const full = (message: string): GatewayError =>
  new GatewayError('capacity', message, { retryAfterSeconds: RETRY_SECONDS.full });
