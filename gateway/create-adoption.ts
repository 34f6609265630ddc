import type { Revocations } from './auth/revocations.ts';
import { Adoption, type RoomSockets } from './cluster/adoption.ts';
import type { ClusterNews, HomeKeeper } from './cluster/homes.ts';
import { KeptRooms } from './cluster/kept-rooms.ts';
import { KeptStore } from './cluster/kept-store.ts';
import { handRoomsOver } from './cluster/leaving.ts';
import { NodeCounts } from './cluster/node-counts.ts';
import { Places } from './cluster/places.ts';
import { RoomEpochs } from './cluster/room-epochs.ts';
import { RoomId } from './protocol/ids.ts';
import { RoomFields } from './cluster/room-fields.ts';
import { SharedRevocations } from './cluster/shared-revocations.ts';
import type { EventStreams } from './events/event-streams.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import type { MediaNode } from './media/node.ts';
import type { RedisLink } from './redis/redis-link.ts';
import type { Policies } from './rooms/control/policies.ts';
import type { Arrivals } from './rooms/hosts/arrivals.ts';
import type { SourcePlace } from './rooms/hosts/source-place.ts';
import type { Sources } from './rooms/hosts/sources.ts';
import type { LayerDesk } from './rooms/layer-desk.ts';
import type { KnownNode, Nodes } from './rooms/nodes.ts';
import { NOTHING, type NodeCount } from './rooms/fleet/node-count.ts';
import type { Carriages } from './rooms/fleet/carriages.ts';
import type { Admitted } from './rooms/hook-desk.ts';
import type { Registry } from './rooms/registry.ts';
import type { IsElsewhere } from './rooms/roll-call.ts';
import type { NodePlace, Session } from './rooms/session.ts';
import type { SessionObserver, Sessions } from './rooms/sessions.ts';

/** The cluster as this half of it needs it; `link` undefined: there are no other gateways. */
export interface ClusterParts {
  readonly homes: HomeKeeper;
  readonly news: ClusterNews;
  readonly link: RedisLink | undefined;
}

/** What the parts of a gateway tell, before all of them are made. */
export interface Adoptions {
  readonly epochs: RoomEpochs;
  /** Resolves when another gateway could go on with a session. @throws GatewayError */
  readonly keep: (session: Session) => Promise<void>;
  readonly onSession: (session: Session) => void;
  readonly onControl: (place: SourcePlace) => void;
  readonly onPolicy: (place: SourcePlace) => void;
  readonly onAdmitted: (place: NodePlace, as: Admitted) => void;
  /** Whether a client that is not here may be another gateway's. */
  readonly isElsewhere: IsElsewhere;
  /** What other gateways have at a node. */
  readonly elsewhereAt: (known: KnownNode) => NodeCount;
  /** To be told of sessions as the last one. */
  readonly observer: SessionObserver;
  /** Whether a room has nothing here that anybody would miss. */
  readonly isEmpty: (room: RoomId) => boolean;
  /** Once, before any request is served. */
  readonly use: (parts: AdoptionParts) => void;
  /** To be closed before the link to Redis. */
  readonly service: Service;
  /** To be closed as the first, while all else still runs. */
  readonly leaving: Service;
}

/** What rooms have, and who is to hear when they come and go. */
export interface AdoptionParts {
  readonly registry: Registry;
  readonly sessions: Sessions;
  readonly sources: Sources;
  readonly policies: Policies;
  readonly events: EventStreams;
  readonly layers: LayerDesk;
  readonly nodes: Nodes;
  readonly carriages: Pick<Carriages, 'places' | 'clientsAt'>;
  readonly revocations: Revocations;
  readonly arrivals: Arrivals;
  /** Whoever has sockets or recordings of rooms. */
  readonly sockets: readonly RoomSockets[];
  /** Asks every node who it is. */
  readonly check: () => Promise<void>;
  /** Ends what has no right to go on. */
  readonly sweep: () => void;
  readonly log: Logger;
  readonly now: () => number;
}

/** What lets a gateway go on with rooms of another; nothing of it where there is no other. */
export const createAdoption = ({ homes, news, link }: ClusterParts): Adoptions =>
  link === undefined ? alone() : among({ homes, news, link });

const nothing = (): undefined => undefined;

function alone(): Adoptions {
  const idle = { start: nothing, close: nothing };
  return {
    epochs: new RoomEpochs(),
    keep: () => Promise.resolve(),
    ...{ onSession: nothing, onControl: nothing, onPolicy: nothing, onAdmitted: nothing },
    isElsewhere: () => Promise.resolve(false),
    elsewhereAt: () => NOTHING,
    observer: { opened: nothing, live: nothing, ended: nothing },
    isEmpty: () => true,
    use: nothing,
    service: { name: 'adoption', ...idle },
    leaving: { name: 'hand-over', ...idle },
  };
}

function among({ homes, news, link }: Required<ClusterParts> & { link: RedisLink }): Adoptions {
  const store = new KeptStore(link);
  const epochs = new RoomEpochs();
  let used: Used | undefined;
  const parts = (): Used => {
    if (used === undefined) throw new Error('createAdoption: use comes first');
    return used;
  };
  const now = (): number => performance.now();
  const places = new Places({
    store,
    isHere: (path) => isHere(homes, path),
    own: () => placesOf(parts()),
    now,
  });
  const counts = new NodeCounts({ news, own: () => countsOf(parts()), now });
  const observer: SessionObserver = {
    opened: nothing,
    live: (session) => parts().adoption.live(session),
    ended: (session) => parts().adoption.ended(session),
  };
  return {
    epochs,
    observer,
    keep: (session) => parts().adoption.keep(session),
    onSession: (session) => parts().adoption.changed(session),
    onControl: (place) => parts().adoption.controlChanged(place),
    onPolicy: (place) => parts().adoption.policyChanged(place),
    onAdmitted: (place, as) => {
      const session = parts().registry.byPlace(place);
      if (session !== undefined) parts().adoption.offered(session);
      if (session !== undefined || as === 'carriage') places.settle(place);
      else places.claim(place);
    },
    isElsewhere: (place, path) => places.isElsewhere(place, path),
    elsewhereAt: ({ identity }) => counts.of(identity?.service),
    isEmpty: (room) => parts().fields.of(room).length === 0,
    use: (given) => {
      used = assemble(given, { homes, news, link, store, places, epochs });
      homes.use(used.adoption);
    },
    service: {
      name: 'adoption',
      start: () => {
        places.start();
        counts.start();
        parts().revocationShare.start();
      },
      close: () => {
        places.close();
        counts.close();
        parts().revocationShare.close();
        parts().kept.close();
      },
    },
    leaving: {
      name: 'hand-over',
      start: nothing,
      close: async () => {
        const { adoption, kept, sessions, arrivals, log } = parts();
        arrivals.close();
        const settle = () => sessions.settle();
        await handRoomsOver({ homes, kept, observer: adoption, settle, log });
      },
    },
  };
}

interface Used extends AdoptionParts {
  readonly adoption: Adoption;
  readonly fields: RoomFields;
  readonly kept: KeptRooms;
  readonly revocationShare: SharedRevocations;
}

function assemble(
  given: AdoptionParts,
  own: {
    readonly homes: HomeKeeper;
    readonly news: ClusterNews;
    readonly link: RedisLink;
    readonly store: KeptStore;
    readonly places: Places;
    readonly epochs: RoomEpochs;
  },
): Used {
  const { homes, store } = own;
  const { nodes, events, layers, log, check } = given;
  const fields = new RoomFields({
    ...given,
    announcedOf: (session) => ({ layers: layers.idOf(session), events: events.keptOf(session) }),
  });
  const kept = new KeptRooms({
    ...{ store, log },
    termOf: (room) => homes.termOf(room),
    read: (room, field) => fields.read(room, field),
  });
  let asked: Promise<void> | undefined;
  const adoption = new Adoption({
    ...given,
    ...own,
    ...{ kept, fields },
    nodesAsked: () => (asked ??= check()),
    nodeOf: ({ service }, name) => nodeOf(nodes, service, name),
  });
  const revocationShare = new SharedRevocations({ ...given, ...own, onHeard: given.sweep });
  return { ...given, adoption, fields, kept, revocationShare };
}

/** Whether the room of a path at a node is at home here. */
function isHere(homes: HomeKeeper, path: string): boolean {
  const room = RoomId.safeParse(path.split('/', 1)[0]).data;
  return room !== undefined && homes.isHere(room);
}

/** A node that was restarted since has nothing of the session any more. */
function nodeOf(nodes: Nodes, service: string, name: string): MediaNode | undefined {
  const known = nodes.byService(service);
  if (known !== undefined) return known;
  const named = nodes.named(name);
  return named?.identity === null ? named.node : undefined;
}

const placesOf = ({ registry, carriages }: AdoptionParts): readonly NodePlace[] => [
  ...registry.sessions().flatMap(({ place }) => place ?? []),
  ...carriages.places(),
];

function countsOf({ nodes, registry, carriages }: AdoptionParts): Record<string, NodeCount> {
  const counts = nodes.list().flatMap(({ identity, node }) => {
    const count = { sessions: registry.load(node), carried: carriages.clientsAt(node) };
    return identity === null ? [] : [[identity.service, count] as const];
  });
  return Object.fromEntries(counts);
}
