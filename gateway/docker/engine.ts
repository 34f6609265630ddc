/** Names of the labels that make a container ours; `node` is the setting `DOCKER_LABEL`. */
export const LABELS = {
  /** Where clients are told to send media: `203.0.113.7:8000`, several by comma. */
  media: 'pixelcast.media',
  /** The template that a container was made from. */
  template: 'pixelcast.template',
  /** Which of its template's containers it is, from 1. */
  slot: 'pixelcast.slot',
  /** What it was made by; another value means that the template changed since. */
  spec: 'pixelcast.spec',
} as const;

/** As Docker calls them; `unknown` is a word that it has learnt since. */
export const CONTAINER_STATES = [
  ...(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const),
  'unknown',
] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];

/** What answers. */
export interface EngineIdentity {
  /** No other engine has it; '' where it is not told. */
  readonly id: string;
  readonly version: string;
  readonly api: string;
}

/** A port of a container that is open at its machine. */
export interface PublishedPort {
  readonly inside: number;
  readonly outside: number;
  readonly protocol: string;
}

/** A container with our label, as the list has it. */
export interface Container {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  /** In Docker's words: `Up 2 minutes (healthy)`. */
  readonly status: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly isOnHostNetwork: boolean;
  /** Its address in each of its networks; none while it does not run. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly ports: readonly PublishedPort[];
}

/** What is known of one container beside that. No value of its environment is. */
export interface ContainerDetails {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly state: ContainerState;
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Names alone. */
  readonly environment: readonly string[];
  readonly user: string;
  /** Epoch milliseconds; null: never. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  readonly restarts: number;
  /** By its own test; null: it has none. */
  readonly health: string | null;
  readonly restartPolicy: string;
  /** Bytes; null: no limit. */
  readonly memoryLimit: number | null;
  /** Cores; null: no limit. */
  readonly cpuLimit: number | null;
  readonly isReadOnly: boolean;
  readonly isPrivileged: boolean;
  readonly mounts: readonly { readonly place: string; readonly writable: boolean }[];
  /** Its log is one stream, as a terminal has it. */
  readonly hasTerminal: boolean;
}

/** What a container uses at a moment; counters are since its start. */
export interface UsageSample {
  /** Epoch milliseconds, by the engine's clock. */
  readonly at: number;
  readonly cpuSeconds: number;
  /** Without the files that the kernel keeps in memory and would give back. */
  readonly memoryBytes: number;
  /** Null: none was set. */
  readonly memoryLimit: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly processes: number;
}

/** A line that a container wrote. */
export interface LogLine {
  /** Epoch milliseconds; null where the engine did not say. */
  readonly at: number | null;
  readonly stream: 'out' | 'err';
  readonly text: string;
}

/** Which lines are wanted. */
export interface LogWish {
  /** The last so many. */
  readonly tail: number;
  /** Epoch milliseconds. */
  readonly since?: number | undefined;
}

/** Something happened to a container with our label. */
export interface EngineEvent {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly exitCode: number | null;
}

/** A container as it is to be made. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[] | null;
  /** `NAME=value`; secret. */
  readonly environment: readonly string[];
  readonly network: string | null;
  /** Open at its machine under the same number. */
  readonly published: readonly {
    readonly port: number;
    readonly protocol: 'tcp' | 'udp';
    readonly address: string;
  }[];
  /** `volume:/path` or `volume:/path:ro`. */
  readonly volumes: readonly string[];
  readonly user: string | null;
  readonly isReadOnly: boolean;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
}

/**
 * A Docker engine, of which nothing is seen or touched but what has our label. All errors are
 * GatewayErrors: `docker-unavailable`, `docker-refused`, and `not-found` for what has no such label.
 */
export interface ContainerEngine {
  identify(): Promise<EngineIdentity>;
  list(): Promise<readonly Container[]>;
  inspect(id: string): Promise<ContainerDetails>;
  usage(id: string): Promise<UsageSample>;
  logs(id: string, wish: LogWish): Promise<readonly LogLine[]>;
  /** Lines as they are written, until the signal; ends with the container. */
  followLogs(id: string, wish: LogWish, signal: AbortSignal): AsyncIterable<LogLine>;
  /** Until the signal, or until the engine is gone. */
  events(signal: AbortSignal): AsyncIterable<EngineEvent>;
  /** Of a container that runs already: nothing. */
  start(id: string): Promise<void>;
  /** Killed when it has not ended by itself after so many seconds. */
  stop(id: string, seconds: number): Promise<void>;
  restart(id: string, seconds: number): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  /** With what it wrote to volumes without a name. */
  remove(id: string): Promise<void>;
  /** Resolves with its id; it is not started. Nothing is pulled. */
  create(spec: ContainerSpec): Promise<string>;
  hasImage(image: string): Promise<boolean>;
}
