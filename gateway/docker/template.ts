import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { readAnnouncedAddress, writeEndpoint } from '../addresses/announced-address.ts';
import { LIMITS } from '../limits/limits.ts';
import { LABELS, type ContainerSpec } from './engine.ts';

const port = z.int().min(1).max(65_535);
const share = z.number().min(0.01).max(1);
const seconds = (most: number) => z.int().min(0).max(most);
const address = z
  .string()
  .refine(
    (word) => readAnnouncedAddress(word)?.port === null,
    'must be an address or a host name without a port',
  );

/** How containers of media servers are made, and how many; the file of `DOCKER_TEMPLATE_FILE`. */
export const Template = z
  .strictObject({
    /** Containers are called `name-1`, `name-2` and so on. */
    name: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
    /** It is there already: nothing is pulled. */
    image: z.string().regex(/^[A-Za-z0-9][\w./:@-]{0,299}$/),
    command: z.array(z.string().max(1_000)).max(50).optional(),
    /** With `{slot}`, `{mediaPort}` and `{mediaAddress}` for what differs. */
    environment: z
      .record(z.string().regex(/^[A-Za-z_]\w{0,99}$/), z.string().max(4_000))
      .default({}),
    apiPort: port.default(1985),
    /** `host`, or a network of Docker’s. */
    network: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,99}$/)
      .optional(),
    /** UDP port of the first; the second has the next. */
    mediaPort: port.optional(),
    /** Where clients reach it. */
    mediaAddress: address.default('127.0.0.1'),
    /** At which address of the machine it is open. */
    mediaBind: z.ipv4().default('127.0.0.1'),
    /** Volumes of Docker’s by name, never folders of the machine. */
    volumes: z
      .array(z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}:\/[^:\s]{0,300}(?::ro)?$/))
      .max(20)
      .default([]),
    user: z
      .string()
      .regex(/^[\w.-]{1,50}(?::[\w.-]{1,50})?$/)
      .optional(),
    readOnly: z.boolean().default(true),
    memoryMb: z.int().min(16).max(1_000_000).optional(),
    cpus: z.number().min(0.05).max(1_000).optional(),
    min: z.int().min(0).max(LIMITS.nodes).default(1),
    max: z.int().min(1).max(LIMITS.nodes).default(4),
    /** Mean share of what servers carry from which there is one more, and below which one less. */
    scaleUpAt: share.default(0.7),
    scaleDownAt: share.default(0.3),
    /** For so long there must be less to do before one is taken away. */
    calmSeconds: seconds(86_400).default(300),
    /** For so long after one came none is added: its first sources are on their way. */
    pauseSeconds: seconds(3_600).default(60),
    /** Of one that is taken away or replaced. */
    drain: z
      .strictObject({ afterSeconds: seconds(86_400), spreadSeconds: seconds(3_600) })
      .default({ afterSeconds: 600, spreadSeconds: 10 }),
    /** So long a new one may take until it serves. */
    probeSeconds: z.int().min(1).max(600).default(60),
    stopSeconds: seconds(300).default(10),
  })
  .refine(({ min, max }) => min <= max, 'min must not be more than max')
  .refine(
    ({ scaleUpAt, scaleDownAt }) => scaleDownAt < scaleUpAt,
    'scaleDownAt must be less than scaleUpAt',
  )
  .refine(
    ({ mediaPort, max }) => mediaPort === undefined || mediaPort + max - 1 <= 65_535,
    'mediaPort leaves no port for each of max',
  );
export type Template = z.infer<typeof Template>;

/** What a container of a template is to be. */
export interface SlotWish {
  readonly slot: number;
  readonly image: string;
  /** Of the setting `DOCKER_LABEL`. */
  readonly label: string;
  /** By which nobody else can tell what was in the environment. */
  readonly key: string;
}

/** The container of a slot, from 1. */
export function specOf(template: Template, { slot, image, label, key }: SlotWish): ContainerSpec {
  const mediaPort = template.mediaPort === undefined ? undefined : template.mediaPort + slot - 1;
  const fill = (text: string): string =>
    text
      .replaceAll('{slot}', String(slot))
      .replaceAll('{mediaPort}', String(mediaPort ?? ''))
      .replaceAll('{mediaAddress}', template.mediaAddress);
  const host = template.mediaAddress.replace(/^\[|\]$/g, '');
  const isHost = template.network === 'host';
  const spec = {
    name: `${template.name}-${slot}`,
    image,
    command: template.command?.map(fill) ?? null,
    environment: Object.entries(template.environment).map(
      ([name, value]) => `${name}=${fill(value)}`,
    ),
    network: template.network ?? null,
    published:
      mediaPort === undefined || isHost
        ? []
        : [{ port: mediaPort, protocol: 'udp' as const, address: template.mediaBind }],
    volumes: template.volumes,
    user: template.user ?? null,
    isReadOnly: template.readOnly,
    memoryBytes: template.memoryMb === undefined ? null : template.memoryMb * 1024 * 1024,
    cpus: template.cpus ?? null,
  };
  const media = mediaPort === undefined ? {} : { [LABELS.media]: writeEndpoint(host, mediaPort) };
  const labels = {
    [label]: String(template.apiPort),
    ...media,
    [LABELS.template]: template.name,
    [LABELS.slot]: String(slot),
  };
  const print = createHmac('sha256', key)
    .update(JSON.stringify({ ...spec, labels }))
    .digest('hex');
  return { ...spec, labels: { ...labels, [LABELS.spec]: print.slice(0, 32) } };
}
