import { z } from 'zod';
import type { EnginePlace } from '../docker/engine-place.ts';
import { isLoopback } from './loopback.ts';

const ENGINE =
  /^(?:unix:\/\/(?<path>\/[^\s]+)|tcp:\/\/(?<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):(?<port>\d{1,5}))$/;

/** Media servers in containers; part of `Settings`. */
export const DockerSettingsShape = z.object({
  DOCKER_ENGINE: z
    .string()
    .regex(ENGINE, 'must be unix:///path or tcp://host:port')
    .optional()
    .describe(
      'Docker engine whose containers with `DOCKER_LABEL` are media servers: `unix:///var/run/docker.sock` or `tcp://host:2376` with TLS. Empty: off.',
    ),
  DOCKER_CA_FILE: z
    .string()
    .optional()
    .describe('PEM authority of that engine; needed for `tcp://` beyond this machine.'),
  DOCKER_CERT_FILE: z.string().optional().describe('PEM certificate to show to it.'),
  DOCKER_KEY_FILE: z.string().optional().describe('PEM private key beside `DOCKER_CERT_FILE`.'),
  DOCKER_LABEL: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9._/-]{0,98}[a-z0-9])?$/, 'must be the name of a label')
    .default('pixelcast.node')
    .describe(
      'Label of containers that are ours, with the port of the API as its value. No other container is seen or touched.',
    ),
  DOCKER_ADDRESSES: z
    .enum(['network', 'published'])
    .default('network')
    .describe(
      'How their API is reached: in their `network`, or by the port they publish at their machine.',
    ),
  DOCKER_NETWORK: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,99}$/)
    .optional()
    .describe('The network that counts where containers are in several.'),
  DOCKER_TEMPLATE_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file by which containers are made (docs/containers.md), read anew when it changes.',
    ),
  DOCKER_SCALING: z
    .enum(['off', 'dry-run', 'on'])
    .default('on')
    .describe(
      'Containers of the template are added, taken away and repaired by load: `on`, only advised (`dry-run`), or `off`.',
    ),
});
type Shape = z.infer<typeof DockerSettingsShape>;

/** A Docker engine as configured. */
export interface DockerSettings {
  readonly place: EnginePlace;
  /** Its machine, as it is reached from here. */
  readonly machine: string;
}

type Read = (name: string, file: string) => string;

/** Where the engine is; undefined: Docker is off. `read` notes what cannot be read. */
export function dockerOf(settings: Shape, read: Read): DockerSettings | undefined {
  const { path, host, port } = ENGINE.exec(settings.DOCKER_ENGINE ?? '')?.groups ?? {};
  if (path !== undefined) return { place: { socketPath: path }, machine: '127.0.0.1' };
  if (host === undefined) return undefined;
  const { DOCKER_CA_FILE: ca, DOCKER_CERT_FILE: cert, DOCKER_KEY_FILE: key } = settings;
  const machine = host.replace(/^\[|\]$/g, '');
  const tls =
    ca === undefined || cert === undefined || key === undefined
      ? null
      : {
          ca: read('DOCKER_CA_FILE', ca),
          cert: read('DOCKER_CERT_FILE', cert),
          key: read('DOCKER_KEY_FILE', key),
        };
  return { place: { host: machine, port: Number(port), tls }, machine };
}

/** What is wrong with them, one sentence each. */
export function dockerProblems(settings: Shape): string[] {
  const { DOCKER_ENGINE: engine, DOCKER_TEMPLATE_FILE: template } = settings;
  const files = [settings.DOCKER_CA_FILE, settings.DOCKER_CERT_FILE, settings.DOCKER_KEY_FILE];
  const given = files.filter((file) => file !== undefined).length;
  const { host, port } = ENGINE.exec(engine ?? '')?.groups ?? {};
  const isFar = host !== undefined && !isLoopback(host.replace(/^\[|\]$/g, ''));
  return [
    ...(given === 0 || given === files.length
      ? []
      : ['DOCKER_CA_FILE, DOCKER_CERT_FILE, DOCKER_KEY_FILE: go together']),
    ...(isFar && given < files.length
      ? [
          'DOCKER_ENGINE: beyond this machine needs TLS: DOCKER_CA_FILE, DOCKER_CERT_FILE, DOCKER_KEY_FILE',
        ]
      : []),
    ...(port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)
      ? ['DOCKER_ENGINE: its port must be from 1 to 65535']
      : []),
    ...(template !== undefined && engine === undefined
      ? ['DOCKER_TEMPLATE_FILE: needs DOCKER_ENGINE']
      : []),
  ];
}
