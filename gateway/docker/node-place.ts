import { isIPv6 } from 'node:net';
import { readAnnouncedAddress, type AnnouncedAddress } from '../addresses/announced-address.ts';
import { LABELS, type Container } from './engine.ts';

const USUAL_PORT = 1985;
const MAX_ANNOUNCED = 8;

/** How containers are reached from here. */
export interface ReachTerms {
  /** The label that says that a container is a media server. */
  readonly label: string;
  /** By their own addresses, or by the ports that they open at their machine. */
  readonly by: 'network' | 'published';
  /** Of several networks the one that counts; undefined: a container is to have one. */
  readonly network: string | undefined;
  /** The machine of the containers, as it is reached from here. */
  readonly machine: string;
}

/** Where a media server in a container is, or why that is not known. */
export type NodePlace =
  | { readonly apiUrl: string; readonly announced: readonly AnnouncedAddress[] | undefined }
  | { readonly problem: string };

/**
 * Where the media server in a container is. Its label says the port alone: what goes to a media
 * server, passwords too, goes to that container and nowhere else.
 */
export function nodePlace(container: Container, terms: ReachTerms): NodePlace {
  const port = portOf(container.labels[terms.label] ?? '');
  if (port === null) return { problem: `Its label ${terms.label} is no port.` };
  const announced = announcedOf(container.labels[LABELS.media]);
  if (announced === null) return { problem: `Its label ${LABELS.media} has no addresses.` };
  if (container.state !== 'running') return { problem: 'It does not run.' };
  const place =
    terms.by === 'published' ? published(container, port, terms) : own(container, port, terms);
  if (typeof place !== 'string') return place;
  return { apiUrl: `http://${place}`, announced };
}

function portOf(value: string): number | null {
  if (value === '' || value === 'true') return USUAL_PORT;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

function announcedOf(value: string | undefined): readonly AnnouncedAddress[] | undefined | null {
  if (value === undefined) return undefined;
  const words = value.split(',').map((word) => word.trim());
  if (words.length > MAX_ANNOUNCED) return null;
  const addresses = words.flatMap((word) => readAnnouncedAddress(word) ?? []);
  return addresses.length === words.length ? addresses : null;
}

type Reached = string | { readonly problem: string };

function published({ ports }: Container, port: number, { machine }: ReachTerms): Reached {
  const open = ports.find(({ inside, protocol }) => inside === port && protocol === 'tcp');
  return open === undefined
    ? { problem: `It does not open port ${port} at its machine.` }
    : `${bracketed(machine)}:${open.outside}`;
}

function own(container: Container, port: number, { network, machine }: ReachTerms): Reached {
  if (container.isOnHostNetwork) return `${bracketed(machine)}:${port}`;
  const { addresses } = container;
  const all = Object.values(addresses);
  const address = network === undefined ? all[0] : addresses[network];
  if (address === undefined) {
    return { problem: network === undefined ? 'It is in no network.' : `It is not in ${network}.` };
  }
  if (network === undefined && all.length > 1) {
    return { problem: 'It is in several networks: set DOCKER_NETWORK.' };
  }
  return `${bracketed(address)}:${port}`;
}

const bracketed = (host: string): string => (isIPv6(host) ? `[${host}]` : host);
