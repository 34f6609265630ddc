import { isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

/** One address at which clients reach the engine. */
export interface Candidate {
  readonly address: string;
  readonly port: number;
}

type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;

const LOOPBACK = '127.0.0.1';

/** The addresses to announce: the configured ones, else the bound one, else all own IPv4. */
export const ownAddresses = (options: {
  readonly configured: readonly string[];
  readonly bindAddress: string | undefined;
  readonly interfaces: Interfaces;
}): readonly string[] => {
  if (options.configured.length > 0) return options.configured;
  const bound = options.bindAddress;
  if (bound !== undefined && bound !== '0.0.0.0' && bound !== '::') return [bound];
  const outer = Object.values(options.interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return [...outer, LOOPBACK];
};

/** The candidate lines of an answer, in falling priority, without what is not an address. */
export const candidateLines = (candidates: readonly Candidate[]): readonly string[] =>
  candidates
    .filter(({ address }) => isIP(address) !== 0 || /^[A-Za-z0-9.-]{1,253}$/.test(address))
    .slice(0, 32)
    .map(({ address, port }, index) => {
      // RFC 8445 §5.1.2.1, type preference 126: as SRS, but no two alike.
      const priority = 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;
      return `a=candidate:${index} 1 udp ${priority} ${address} ${port} typ host generation 0`;
    });
