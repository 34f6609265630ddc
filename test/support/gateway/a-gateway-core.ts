import { pino } from 'pino';
import type { Grant } from '../../../gateway/auth/grant.ts';
import type { EndReason } from '../../../gateway/protocol/end-reason.ts';
import { RoomId, SourceId } from '../../../gateway/protocol/ids.ts';
import { Audiences } from '../../../gateway/rooms/audiences.ts';
import { Carriages } from '../../../gateway/rooms/fleet/carriages.ts';
import { CarriedPlaces } from '../../../gateway/rooms/fleet/carried-places.ts';
import { Homecoming } from '../../../gateway/rooms/fleet/homecoming.ts';
import { NodeLoads } from '../../../gateway/rooms/fleet/node-loads.ts';
import { Placement } from '../../../gateway/rooms/fleet/placement.ts';
import { HookDesk, type Admitted } from '../../../gateway/rooms/hook-desk.ts';
import { NodeWatch } from '../../../gateway/rooms/node-watch.ts';
import { Nodes, type NodeTerms } from '../../../gateway/rooms/nodes.ts';
import { Registry } from '../../../gateway/rooms/registry.ts';
import type { NodePlace, Session } from '../../../gateway/rooms/session.ts';
import { sessionObservers } from '../../../gateway/rooms/session-observers.ts';
import {
  Sessions,
  type OpenRequest,
  type SessionObserver,
  type SessionRules,
} from '../../../gateway/rooms/sessions.ts';
import { Tickets } from '../../../gateway/rooms/tickets.ts';
import { Trials } from '../../../gateway/rooms/trials.ts';
import { ReceivedOffer } from '../../../gateway/sdp/received-offer.ts';
import { anOffer } from '../sdp/descriptions.ts';
import { FakeNode } from './fake-node.ts';
import { FakeRelays } from './fake-relays.ts';

/** Rules that stand in nobody's way. */
const RULES: SessionRules = {
  maxSessions: 100,
  maxViewersPerRoom: 100,
  maxSessionsPerRoom: 1000,
  maxSessionsPerSubject: 1000,
  maxHalfOpenPerSubject: 1000,
  withoutPublisher: 'refuse',
};

/** What happened to sessions, in order: `opened publish`, `ended publish kicked`. */
export type Event = string;

/** What a test says of a request; the offer as text. */
type GivenRequest = Partial<Omit<OpenRequest, 'offer'>> & { readonly offer?: string };

/** The middle of a gateway over a pretended node, with a clock that stands still. */
export class GatewayCore {
  readonly clock = { now: 1_000_000 };
  readonly node = new FakeNode();
  readonly events: Event[] = [];
  readonly registry = new Registry();
  readonly audiences = new Audiences(this.registry);
  readonly carried = new CarriedPlaces();
  readonly loads = new NodeLoads(this.registry, this.carried);
  /** What every lot draws, 0 up to 1. */
  chance = 0;
  readonly homecoming: Homecoming = new Homecoming({
    registry: this.registry,
    carried: this.carried,
    random: () => this.chance,
  });
  readonly relays = new FakeRelays();
  /** Whether sources are carried to further nodes. */
  readonly carrying = { isOn: false, idleMs: 30_000 };
  readonly carriages: Carriages;
  /** Told of sessions, those added later too. */
  readonly observers: SessionObserver[] = [
    {
      opened: ({ kind }) => void this.events.push(`opened ${kind}`),
      live: ({ kind }) => void this.events.push(`live ${kind}`),
      ended: ({ kind }, reason: EndReason) => void this.events.push(`ended ${kind} ${reason}`),
    },
    this.audiences,
    this.homecoming,
  ];
  readonly tickets = new Tickets(() => this.clock.now);
  readonly nodes = new Nodes([this.node]);
  readonly log = pino({ level: 'silent' });
  readonly trials = new Trials({ announce: (_node, own) => own });
  /** Nodes that answered anew. */
  /** Paths that hooks told of. */
  readonly files: string[] = [];
  /** Clients that nodes asked about and may have. */
  readonly admitted: { readonly place: NodePlace; readonly as: Admitted }[] = [];
  readonly ready: string[] = [];
  /** Nodes that were given up. */
  readonly lost: string[] = [];
  readonly sessions: Sessions;
  readonly hookDesk: HookDesk;
  readonly watch: NodeWatch;

  constructor(rules: Partial<SessionRules> = {}) {
    const { registry, tickets, nodes, log } = this;
    const now = (): number => this.clock.now;
    const placement = new Placement({
      ...{ nodes, registry, loads: this.loads, carried: this.carried },
      random: () => this.chance,
    });
    const { relays } = this;
    this.carriages = new Carriages({
      ...{ nodes, registry, placement, relays, log, now },
      places: this.carried,
      rules: this.carrying,
      onEnded: (source) => this.homecoming.gather(source),
    });
    const { carriages } = this;
    this.observers.splice(-1, 0, carriages);
    this.sessions = new Sessions({
      registry,
      tickets,
      placement,
      carrier: carriages,
      announce: (_node, own) => own,
      rules: { ...RULES, ...rules },
      observer: sessionObservers(this.observers),
      now,
    });
    this.homecoming.use(this.sessions);
    const { trials } = this;
    this.hookDesk = new HookDesk({
      ...{ sessions: this.sessions, trials, carriages, nodes, log },
      onFile: ({ path }) => void this.files.push(path),
      onAdmitted: (place, as) => void this.admitted.push({ place, as }),
    });
    this.watch = new NodeWatch({
      nodes,
      sessions: this.sessions,
      trials,
      carriages,
      log,
      now,
      onHealth: () => undefined,
      onReady: (known) => {
        carriages.restarted(known);
        this.ready.push(known.node.name);
      },
      onLost: ({ node }) => {
        carriages.lost(node);
        this.lost.push(node.name);
      },
    });
    this.answerHooksOf(this.node);
  }

  /** Another node, which has not said who it is. */
  addNode(name: string, terms: Partial<NodeTerms> = {}): FakeNode {
    const node = new FakeNode(name, `run-of-${name}`);
    this.nodes.add(node, terms);
    this.answerHooksOf(node);
    return node;
  }

  answerHooksOf(node: FakeNode): void {
    node.onOffer = ({ kind, room, source, ticket }, clientId) =>
      this.hookDesk.handle({
        event: kind === 'publish' ? 'publish' : 'play',
        service: node.service,
        clientId,
        room,
        source,
        ticket,
      }) === 'allow';
  }

  async publish(given: GivenRequest = {}): Promise<Session> {
    return (await this.open({ kind: 'publish', ...given })).session;
  }

  async play(given: GivenRequest = {}): Promise<Session> {
    return (await this.open({ kind: 'watch', ...given })).session;
  }

  open(given: GivenRequest = {}): ReturnType<Sessions['open']> {
    const { kind = 'publish' } = given;
    const text = given.offer ?? anOffer(kind === 'publish' ? 'chromium-publish' : 'chromium-watch');
    return this.sessions.open({
      kind,
      room: aRoom('demo'),
      source: aSource('main'),
      grant: aGrant(),
      address: '192.0.2.1',
      signal: new AbortController().signal,
      ...given,
      offer: new ReceivedOffer(text, kind),
    });
  }
}

/** A core whose node has said who it is. */
export async function aCore(rules: Partial<SessionRules> = {}): Promise<GatewayCore> {
  const core = new GatewayCore(rules);
  await core.watch.check();
  return core;
}

export const aRoom = (name: string): RoomId => RoomId.parse(name);
export const aSource = (name: string): SourceId => SourceId.parse(name);

export const aGrant = (given: Partial<Grant> = {}): Grant => ({
  subject: 'anna',
  room: aRoom('demo'),
  sources: undefined,
  can: ['publish', 'watch'],
  expiresAt: 10_000_000,
  issuedAt: undefined,
  tokenId: undefined,
  ...given,
});
