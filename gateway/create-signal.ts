import type { Config } from './config/load.ts';
import type { Cluster } from './create-cluster.ts';
import { viewerAtHome, type ViewerFinder } from './http/cluster/viewers-elsewhere.ts';
import type { IceDesk } from './ice/ice-desk.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import { recordSignalling } from './observability/signal-record.ts';
import type { Sources } from './rooms/hosts/sources.ts';
import type { Exchange } from './signal/exchange.ts';
import { LoneExchange } from './signal/lone-exchange.ts';
import { RedisExchange } from './signal/redis/redis-exchange.ts';
import { SignalDesk } from './signal/signal-desk.ts';
import { TurnRenewal } from './signal/turn-renewal.ts';
import type { OpenSockets } from './ws/open-sockets.ts';
import { SignalSockets } from './ws/signal-sockets.ts';

/** Signalling of direct sessions. */
export interface Signal {
  readonly signalDesk: SignalDesk;
  readonly signalSockets: SignalSockets;
  /** Among the viewers of rooms that are at home here. */
  readonly viewerHere: ViewerFinder;
  /** To be closed after the sockets, which take their leave by it. */
  readonly service: Service;
  /** Sizes of what clients can fill. */
  readonly tables: Readonly<Record<string, () => number>>;
}

export function createSignal(
  config: Pick<Config, 'REDIS_URL'>,
  deps: {
    readonly edge: Cluster['edge'];
    readonly iceServers: IceDesk;
    readonly sources: Sources;
    readonly open: OpenSockets;
    readonly log: Logger;
    readonly metrics: Metrics;
    readonly now: () => number;
  },
): Signal {
  const { REDIS_URL: redisUrl } = config;
  const { log, sources, now } = deps;
  const exchange: Exchange =
    redisUrl === undefined
      ? new LoneExchange()
      : new RedisExchange({ url: redisUrl.reveal(), log });
  const viewerHere: ViewerFinder = (place, who) =>
    sources.find(place)?.control.members.returning(who)?.viewer;
  const atHome = viewerAtHome(deps.edge);
  const seats = () => signalDesk.seats();
  const isLinked = () => (redisUrl === undefined ? null : exchange.isReady);
  const { observer, refused } = recordSignalling(log, deps.metrics, { seats, isLinked });
  const renewal = new TurnRenewal({ desk: deps.iceServers, seats, now });
  const signalDesk = new SignalDesk({
    exchange,
    observer,
    turnConfig: (grant) => renewal.config(grant),
    viewerOf: (place, who) => viewerHere(place, who) ?? atHome(place, who),
    now,
  });
  return {
    signalDesk,
    viewerHere,
    signalSockets: new SignalSockets({ desk: signalDesk, open: deps.open, onRefusal: refused }),
    service: {
      name: 'signalling',
      start: () => {
        exchange.start(signalDesk);
        renewal.start();
      },
      close: async () => {
        renewal.close();
        await exchange.close();
      },
    },
    tables: {
      signal_peers: () => signalDesk.size,
      signal_rooms: () => signalDesk.roomCount,
    },
  };
}
