import { GatewayError } from '../errors.ts';
import type { MediaNode, NodeAnswer } from '../media/node.ts';
import type { UpstreamOffer } from '../sdp/upstream-offer.ts';
import type { Span } from '../tracing/span.ts';
import { traced } from '../tracing/traced.ts';
import { endedEarly } from './refusals.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';
import type { Tickets } from './tickets.ts';

/** Takes offers to nodes, and clears up there what they leave behind. */
export class NodeOffers {
  readonly #registry: Registry;
  readonly #tickets: Tickets;
  readonly #underWay = new Map<Session, () => void>();

  constructor({ registry, tickets }: { registry: Registry; tickets: Tickets }) {
    this.#registry = registry;
    this.#tickets = tickets;
  }

  /**
   * Asks the node, and once more after clearing the source there: while we hold the claim, any
   * other publisher of it at the node is an orphan that keeps the name busy (srs.md P1, P15).
   */
  async open(session: Session<MediaNode>, upstream: UpstreamOffer): Promise<NodeAnswer> {
    try {
      return await this.#openOnce(session, upstream);
    } catch (error) {
      if (session.kind !== 'publish' || session.ended || !isRefusal(error)) throw error;
      // What the node now says of the first try is no news of this session.
      const place = this.#registry.unsettle(session);
      if (!(await this.#clearSource(session))) {
        if (place !== null) this.#registry.settle(session, place);
        throw error;
      }
      return await this.#openOnce(session, upstream);
    }
  }

  /** An offer that failed may have left a client at the node that keeps the name (srs.md P1). */
  async remove({ node, place }: Session): Promise<void> {
    if (place !== null) await node?.remove(place.clientId).catch(() => undefined);
  }

  /** Its node is gone: nobody waits for the answer, and what comes of it late is taken back. */
  abandon(session: Session): void {
    this.#underWay.get(session)?.();
  }

  async #openOnce(session: Session<MediaNode>, upstream: UpstreamOffer): Promise<NodeAnswer> {
    if (session.ended) throw endedEarly(session);
    const ticket = this.#tickets.issue(session);
    const { kind, room, source, address, node, arrival } = session;
    const options = { kind: 'client', attributes: { 'pixelcast.node': node.name } } as const;
    const ask = (span: Span): Promise<NodeAnswer> => {
      session.offerSpan = span;
      const { headers } = span;
      const offer = { kind, room, source, address, ticket, headers, ...upstream };
      return this.#unlessAbandoned(session, node.open(offer));
    };
    try {
      return await traced(arrival.span, 'offer to node', ask, options);
    } finally {
      this.#tickets.revoke(ticket);
    }
  }

  async #unlessAbandoned(session: Session, opening: Promise<NodeAnswer>): Promise<NodeAnswer> {
    const given = Promise.withResolvers<never>();
    this.#underWay.set(session, () => {
      given.reject(endedEarly(session));
      void opening.then((late) => late.release()).catch(() => undefined);
    });
    try {
      return await Promise.race([opening, given.promise]);
    } finally {
      this.#underWay.delete(session);
    }
  }

  /** True when something was removed. */
  async #clearSource({ node, room, source }: Session<MediaNode>): Promise<boolean> {
    const clients = await node.clients().catch(() => []);
    const orphans = clients.filter(
      ({ kind, path }) => kind === 'publish' && path === `${room}/${source}`,
    );
    const removed = await Promise.all(
      orphans.map(({ clientId }) => node.remove(clientId).catch(() => false)),
    );
    return removed.includes(true);
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof GatewayError &&
  (error.code === 'upstream-rejected' || error.code === 'source-busy');
