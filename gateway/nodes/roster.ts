import type { NodeSettings } from '../config/node-settings.ts';
import { GatewayError } from '../errors.ts';
import type { NodeOrigin } from '../protocol/api/nodes.ts';
import type { FleetDesk } from '../rooms/fleet/fleet-desk.ts';
import { nameOf, type KnownNode, type Nodes } from '../rooms/nodes.ts';

/** How a server that is taken out is emptied: as by an operator's drain of usual terms. */
const LEAVE_TERMS = { afterMs: 600_000, spreadMs: 10_000 };

/** What became of a whole list, by the servers' names. */
export interface RosterChange {
  readonly added: readonly string[];
  readonly leaving: readonly string[];
  /** Not taken, and why. */
  readonly refused: readonly { readonly node: string; readonly why: string }[];
}

/**
 * The door by which media servers come and go while the gateway runs. Each is known once, by the host
 * and port of its API, and belongs to the origin that told of it first: no other origin changes it
 * or takes it out. What an operator removed comes back only by an operator, or once its origin no
 * longer has it and then has it again.
 */
export class Roster {
  readonly #nodes: Nodes;
  readonly #make: (settings: NodeSettings, origin: NodeOrigin) => KnownNode;
  readonly #most: number;
  #desk: FleetDesk | undefined;
  readonly #leaving = new Set<KnownNode>();
  /** Removed by an operator. */
  readonly #dismissed = new Map<string, NodeOrigin>();

  constructor(deps: {
    readonly nodes: Nodes;
    /** Makes it and adds it to `nodes`. */
    readonly make: (settings: NodeSettings, origin: NodeOrigin) => KnownNode;
    /** How many servers there may be. */
    readonly most: number;
  }) {
    this.#nodes = deps.nodes;
    this.#make = deps.make;
    this.#most = deps.most;
  }

  /** By what servers are emptied and forgotten. */
  use(desk: FleetDesk): void {
    this.#desk = desk;
  }

  /**
   * Makes a server known. One of the same origin that is on its way out stays.
   * @throws GatewayError `name-taken` when it is known already, or an operator removed it; `capacity` when there are too many
   */
  add(origin: NodeOrigin, settings: NodeSettings): KnownNode {
    const name = nameOf(settings.apiUrl);
    if (this.#dismissed.has(name) && origin !== 'api') throw dismissed(name);
    const known = this.#nodes.named(name);
    if (known !== undefined && this.#leaving.has(known) && known.origin === origin) {
      return this.#stay(known);
    }
    if (known !== undefined) throw taken(known);
    if (this.#nodes.list().length >= this.#most) throw tooMany(this.#most);
    this.#dismissed.delete(name);
    const made = this.#make(settings, origin);
    this.#desk?.added(made);
    return made;
  }

  /** All that an origin has now: what is new comes, what is missing leaves, what can be changed is. */
  follow(origin: NodeOrigin, list: readonly NodeSettings[]): RosterChange {
    const named = new Map(list.map((settings) => [nameOf(settings.apiUrl), settings]));
    for (const [name, by] of this.#dismissed) {
      if (by === origin && !named.has(name)) this.#dismissed.delete(name);
    }
    const own = this.#nodes.list().filter((known) => known.origin === origin);
    const leaving = own.filter((known) => !named.has(known.node.name) && !this.#leaving.has(known));
    for (const known of leaving) this.leave(known);
    const added: string[] = [];
    const refused: { node: string; why: string }[] = [];
    for (const [name, settings] of named) {
      const known = own.find(({ node }) => node.name === name);
      if (known !== undefined && settings.limits !== undefined) known.limits = settings.limits;
      if (known !== undefined && !this.#leaving.has(known)) continue;
      try {
        added.push(this.add(origin, settings).node.name);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        refused.push({ node: name, why: error.message });
      }
    }
    return { added, leaving: leaving.map(({ node }) => node.name), refused };
  }

  /** Its origin has it no more: it takes no new source, is emptied, and then forgotten. */
  leave(known: KnownNode, terms: { afterMs: number; spreadMs: number } = LEAVE_TERMS): void {
    this.#leaving.add(known);
    this.#desk?.drain(known, terms);
  }

  isLeaving(known: KnownNode): boolean {
    return this.#leaving.has(known);
  }

  /** Nothing is left there. */
  drained(known: KnownNode): void {
    if (this.#leaving.has(known)) void this.#desk?.remove(known, { force: true });
  }

  /** It was forgotten: by an operator, unless it was on its way out. */
  removed(known: KnownNode): void {
    if (this.#leaving.delete(known)) return;
    this.#dismissed.set(known.node.name, known.origin);
  }

  /** Where the APIs of all of them are. */
  apiUrls(): readonly string[] {
    return this.#nodes.list().map(({ apiUrl }) => apiUrl);
  }

  #stay(known: KnownNode): KnownNode {
    this.#leaving.delete(known);
    this.#desk?.uncordon(known);
    return known;
  }
}

const taken = ({ node, origin }: KnownNode): GatewayError =>
  new GatewayError('name-taken', `The media server ${node.name} is known already (${origin}).`);

const dismissed = (name: string): GatewayError =>
  new GatewayError('name-taken', `The media server ${name} was removed by an operator.`);

const tooMany = (most: number): GatewayError =>
  new GatewayError('capacity', `There are ${most} media servers already, and no more are taken.`);
