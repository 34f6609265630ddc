import { createHash } from 'node:crypto';
import type { AddressDesk } from './addresses/address-desk.ts';
import { OWN_POST, type Post } from './cluster/post.ts';
import { RedisPost } from './cluster/redis/redis-post.ts';
import type { Config } from './config/load.ts';
import { nodeAt } from './config/node-settings.ts';
import type { Cluster } from './create-cluster.ts';
import type { Fleet } from './create-nodes.ts';
import { ContainerDesk } from './docker/container-desk.ts';
import { ContainerEvents } from './docker/container-events.ts';
import { DockerodeEngine } from './docker/dockerode-engine.ts';
import type { EngineIdentity } from './docker/engine.ts';
import { EngineWatch } from './docker/engine-watch.ts';
import { Keeper } from './docker/keeper.ts';
import { NodeDiscovery } from './docker/node-discovery.ts';
import type { NodeHandling } from './docker/replacement.ts';
import { TemplateFile } from './docker/template-file.ts';
import { UsageBook } from './docker/usage-book.ts';
import { WorkBench } from './docker/work.ts';
import { GatewayError } from './errors.ts';
import type { EventBus } from './events/event-bus.ts';
import type { Service } from './lifecycle.ts';
import { watchContainers } from './observability/container-figures.ts';
import type { Logger } from './observability/logger.ts';
import type { Metrics } from './observability/metrics.ts';
import type { FleetDesk } from './rooms/fleet/fleet-desk.ts';
import { isOpen } from './rooms/fleet/placement.ts';
import { isHealthy } from './rooms/nodes.ts';

/** What looks after containers; nothing where no engine is set. */
export interface DockerParts {
  readonly containerDesk: ContainerDesk | undefined;
  /** Whose task it is to look after them. */
  readonly containerPost: Post | undefined;
  readonly services: readonly Service[];
}

export interface DockerDeps {
  readonly fleet: Fleet;
  readonly fleetDesk: FleetDesk;
  readonly cluster: Pick<Cluster, 'link' | 'edge'>;
  readonly addresses: AddressDesk;
  /** Asks all media servers who they are. */
  readonly check: () => Promise<void>;
  readonly bus: EventBus;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => number;
}

/** Media servers in containers: found, watched, and where there is a template made and replaced. */
export function createDocker(config: Config, deps: DockerDeps): DockerParts {
  const { fleet, fleetDesk, log, now } = deps;
  const { docker, DOCKER_LABEL: label } = config;
  const closing = new AbortController();
  if (docker === undefined) {
    watchContainers(deps.metrics.registry, undefined);
    return { containerDesk: undefined, containerPost: undefined, services: [] };
  }
  const permit = (): void => {
    if (!isAllowed(post)) throw notOnDuty();
  };
  const engine = new DockerodeEngine({ place: docker.place, label, permit });
  const discovery = new NodeDiscovery({
    ...{ roster: fleet.roster, nodes: fleet.nodes },
    terms: {
      label,
      by: config.DOCKER_ADDRESSES,
      network: config.DOCKER_NETWORK,
      machine: docker.machine,
    },
    settings: (apiUrl) => nodeAt(apiUrl, config, config.nodePassword),
  });
  const nodes = handling(deps, discovery);
  const usage = new UsageBook(engine);
  const events = new ContainerEvents({ bus: deps.bus, discovery });
  const bench = new WorkBench({ now, onDone: (work) => events.done(work) });
  const probation = new Set<string>();
  const look = () => watch.lookAnew();
  const { DOCKER_TEMPLATE_FILE: path, DOCKER_SCALING: mode } = config;
  const file = path === undefined ? undefined : new TemplateFile(path);
  const keeper =
    file === undefined
      ? undefined
      : new Keeper({
          ...{ engine, file, mode, label, nodes, bench, look, log, now },
          key: config.JWT_SECRET.reveal(),
          containers: () => watch.standing.containers,
          onProbation: (id, isOn) => {
            if (isOn) probation.add(id);
            else probation.delete(id);
          },
          isOnDuty: () => post.standing.at === 'here',
          signal: closing.signal,
        });
  const post = createPost(deps, {
    label,
    identity: () => watch.standing.identity,
    isWanted: keeper !== undefined,
    onTurn: (isHere) => {
      if (isHere) {
        void look();
        return;
      }
      keeper?.rest();
      for (const id of probation) {
        const known = discovery.nodeOf(id);
        if (known !== undefined) fleetDesk.uncordon(known);
      }
      probation.clear();
    },
  });
  const watch = new EngineWatch({
    ...{ engine, log },
    observer: {
      looked: (containers) => {
        discovery.follow(containers);
        for (const id of probation) {
          const known = discovery.nodeOf(id);
          if (known !== undefined) fleetDesk.cordon(known);
        }
        void usage.ask(containers);
        void keeper?.tick();
      },
      happened: (event) => events.happened(event),
      turned: (standing) => events.turned(standing),
    },
  });
  const containerDesk = new ContainerDesk({
    ...{ engine, watch, discovery, usage, nodes, file, keeper, mode, bench },
    mask: masking(config),
  });
  watchContainers(deps.metrics.registry, containerDesk, bench);
  return {
    ...{ containerDesk, containerPost: post },
    services: [
      {
        name: 'docker',
        start: () => {
          watch.start();
          post.start();
        },
        close: async () => {
          closing.abort();
          await bench.close();
          await watch.close();
          await post.close();
        },
      },
    ],
  };
}

function handling(
  { fleet, fleetDesk, addresses, check }: DockerDeps,
  discovery: NodeDiscovery,
): NodeHandling & {
  strainOf(id: string): number | null;
  isAnotherOpen(id: string): boolean;
} {
  const { nodes, loads, placement } = fleet;
  const isReady = (known: Parameters<typeof isHealthy>[0]) => isHealthy(known) && isOpen(known);
  return {
    nodeOf: (id) => discovery.nodeOf(id),
    sessionsOf: (known) => loads.sessionsAt(known),
    drain: (known, terms) => fleetDesk.drain(known, terms),
    cordon: (known) => fleetDesk.cordon(known),
    uncordon: (known) => fleetDesk.uncordon(known),
    probe: async (known) => {
      await check();
      if (!isHealthy(known)) return known.detail;
      await addresses.probe();
      return addresses.trialError(known.node);
    },
    strainOf: (id) => {
      const known = discovery.nodeOf(id);
      return known === undefined || !isReady(known) ? null : placement.strainOf(known);
    },
    isAnotherOpen: (id) => {
      const own = discovery.nodeOf(id);
      return nodes.list().some((known) => known !== own && isReady(known));
    },
  };
}

/** Of an engine and a label: gateways with engines of their own do not wait for each other. */
function createPost(
  { cluster: { link, edge }, log }: DockerDeps,
  terms: {
    readonly label: string;
    readonly identity: () => EngineIdentity | null;
    readonly isWanted: boolean;
    readonly onTurn: (isHere: boolean) => void;
  },
): Post {
  if (link === undefined || edge === undefined) return OWN_POST;
  const { label, identity, isWanted, onTurn } = terms;
  return new RedisPost({
    ...{ own: edge.own, link, isWanted, log },
    name: () => {
      const id = identity()?.id;
      if (id === undefined) return undefined;
      return `containers:${createHash('sha256').update(`${id}\n${label}`).digest('hex').slice(0, 32)}`;
    },
    onTurn: (isHere) => {
      log.info(
        isHere ? 'containers are looked after here' : 'containers are not looked after here',
      );
      onTurn(isHere);
    },
  });
}

/** Where no gateway has a template none has the post, and each does what it is asked to. */
const isAllowed = ({ standing: { at }, isWanted }: Post): boolean =>
  at === 'here' || (at === 'nobody' && !isWanted);

const notOnDuty = (): GatewayError =>
  new GatewayError(
    'docker-unavailable',
    'Another gateway looks after containers, or none does at this moment. Try again in some seconds.',
    { retryAfterSeconds: 2 },
  );

/** Logs and commands of media servers hold what hooks and APIs are called with. */
function masking(config: Config): (text: string) => string {
  const { HOOK_SECRET, JWT_SECRET, nodePassword, turnSecret } = config;
  const secrets = [HOOK_SECRET, JWT_SECRET, nodePassword, turnSecret]
    .flatMap((secret) => secret?.reveal() ?? [])
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret !== '');
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}
