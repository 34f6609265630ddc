import { randomBytes } from 'node:crypto';
import { Envelope } from './cluster/envelope.ts';
import { LoneHomes } from './cluster/lone-homes.ts';
import type { ClusterNews, HomeKeeper, PeerGateway } from './cluster/homes.ts';
import { PeerAddresses } from './cluster/peer-addresses.ts';
import { PeerPasses } from './cluster/peer-pass.ts';
import { NEWS_PREFIX } from './cluster/redis/cluster-names.ts';
import { RedisHomes } from './cluster/redis/redis-homes.ts';
import { RedisNews } from './cluster/redis/redis-news.ts';
import { SealedNames } from './cluster/sealed-names.ts';
import { trialRoomOf } from './cluster/trial-room.ts';
import type { Config } from './config/load.ts';
import { Forwarder } from './http/cluster/forward.ts';
import type { ClusterEdge } from './http/cluster/hand-on.ts';
import { isPeerAway } from './http/cluster/standing.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import { watchCluster } from './observability/cluster-figures.ts';
import type { Metrics } from './observability/metrics.ts';
import type { RoomId } from './protocol/ids.ts';
import { RedisLink } from './redis/redis-link.ts';
import { PLAIN_NAMES, type RoomNames } from './rooms/room-names.ts';

/** What a gateway has to do with others of its kind. */
export interface Cluster {
  readonly homes: HomeKeeper;
  readonly news: ClusterNews;
  /** Of a gateway that is alone there is none. */
  readonly link: RedisLink | undefined;
  readonly names: RoomNames;
  /** For what gateways leave in Redis for each other; alone there is none. */
  readonly envelope: Envelope | undefined;
  /** Of trials of this gateway; undefined: the usual one. */
  readonly trialRoom: RoomId | undefined;
  /** Of a gateway that is alone there is none. */
  readonly edge: ClusterEdge | undefined;
  /** Whether an address is another gateway's: it brings the requests of many. */
  readonly isPeer: (address: string) => boolean;
  /** To be started first and closed after all that has rooms. */
  readonly service: Service;
}

const ALONE = new LoneHomes();
/** Rooms are without a home only for so long after Redis is back. */
const MOST_PAUSE_MS = 400;

export function createCluster(
  config: Config,
  parts: {
    /** Whether a room has nothing here that anybody would miss. */
    readonly isEmpty: (room: RoomId) => boolean;
    readonly metrics: Metrics;
    readonly log: Logger;
    readonly now: () => number;
  },
): Cluster {
  const { CLUSTER_URL: url, REDIS_URL: redisUrl } = config;
  if (url === undefined || redisUrl === undefined) return aloneWith(ALONE);
  const { log, now } = parts;
  const own = { name: config.GATEWAY_NAME ?? randomBytes(6).toString('hex'), url };
  const secret = config.CLUSTER_SECRET ?? config.JWT_SECRET;
  const passes = new PeerPasses(secret.reveal(), now);
  const names = new SealedNames(passes);
  const trialRoom = trialRoomOf(own.name);
  const news = new RedisNews(own.name, () => link);
  const link: RedisLink = new RedisLink({
    url: redisUrl.reveal(),
    log,
    pattern: `${NEWS_PREFIX}*`,
    meaning: {
      there: 'rooms find their gateway',
      away: 'rooms stay where they are, and no other is opened',
    },
    mostPauseMs: MOST_PAUSE_MS,
    onMessage: (text, channel) => news.receive(text, channel),
    onReady: () => homes.reached(),
  });
  const isAlive = (gateway: string): boolean => homes.peers().some(({ name }) => name === gateway);
  const forwarder: Forwarder = new Forwarder({ passes, isAlive });
  const homes: RedisHomes = new RedisHomes({
    own,
    link,
    isAway: (peer: PeerGateway) => isPeerAway(forwarder, peer),
    isEmpty: parts.isEmpty,
    onFreed: () => void news.tell('homes', 'freed'),
    log,
  });
  news.hear('homes', () => void homes.beat());
  watchCluster(parts.metrics.registry, { homes, forwarder, link });
  const addresses = new PeerAddresses(() => homes.peers());
  return {
    homes,
    news,
    link,
    names,
    envelope: new Envelope(secret.reveal()),
    trialRoom,
    edge: { own, homes, forwarder, names, passes, hearsRedis: () => homes.hearsRedis },
    isPeer: (address) => addresses.has(address),
    service: {
      name: 'cluster',
      start: () => {
        link.start();
        homes.start();
        addresses.start();
      },
      close: async () => {
        addresses.close();
        await homes.close();
        forwarder.close();
        link.close();
      },
    },
  };
}

const aloneWith = (homes: LoneHomes): Cluster => ({
  homes,
  news: homes,
  link: undefined,
  names: PLAIN_NAMES,
  envelope: undefined,
  trialRoom: undefined,
  edge: undefined,
  isPeer: () => false,
  service: { name: 'cluster', start: () => undefined, close: () => undefined },
});
