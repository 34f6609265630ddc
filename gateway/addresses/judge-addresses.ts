import { isIP } from 'node:net';
import { scopeOf } from './address-scope.ts';

/** What can be wrong with announced addresses. */
export type AddressFault =
  'unusable' | 'loopback-only' | 'container' | 'private-only' | 'unresolved';

/** A fault, and what to do about it. */
export interface AddressRemark {
  readonly fault: AddressFault;
  readonly sentence: string;
}

/** From where clients come, as far as it is known. */
export interface Audience {
  /** Host of the address that clients type; null: not set, or this machine's own. */
  readonly publicHost: string | null;
  /** Clients of other machines can come in at all; null: not known, as in a container. */
  readonly comesFromOutside: boolean | null;
  /** IP address of one who came; null: nobody yet, or a router stands between. */
  readonly client: string | null;
}

const ADVICE =
  'Set MEDIA_CANDIDATE to the address at which clients reach the media port (docs/addresses.md).';

/** What is wrong with the addresses that one media server's clients are told; literals only. */
export function judgeAddresses(addresses: readonly string[], audience: Audience): AddressRemark[] {
  const of = (...scopes: string[]) => addresses.filter((ip) => scopes.includes(scopeOf(ip)));
  const unusable = of('nowhere', 'link');
  const rest = addresses.filter((ip) => !unusable.includes(ip));
  const [loopback, container, inner] = [
    of('loopback'),
    of('container'),
    of('container', 'private'),
  ];
  const remarks: AddressRemark[] = unusable.map((ip) => ({
    fault: 'unusable',
    sentence: `No client can send to ${ip}. ${ADVICE}`,
  }));
  const where = outsideOf(audience);
  if (where === null || rest.length === 0) return remarks;
  if (loopback.length === rest.length) {
    remarks.push({
      fault: 'loopback-only',
      sentence: `${list(loopback)} is this very machine to every client, but ${where.who}. ${ADVICE}`,
    });
  } else if (loopback.length + container.length === rest.length) {
    remarks.push({
      fault: 'container',
      sentence: `${list(container)} is an address of Docker’s own network and not reachable from outside, but ${where.who}. ${ADVICE}`,
    });
  } else if (where.isPublic && loopback.length + inner.length === rest.length) {
    remarks.push({
      fault: 'private-only',
      sentence: `${list(inner)} is reachable inside its own network alone, but ${where.who}. ${ADVICE}`,
    });
  }
  return remarks;
}

/** Who is known to come from another machine; null: nobody is. */
function outsideOf(audience: Audience): { who: string; isPublic: boolean } | null {
  const { client, publicHost, comesFromOutside } = audience;
  const scope = client === null ? null : scopeOf(client);
  if (scope === 'public')
    return { who: `a client came from the internet (${client})`, isPublic: true };
  if (publicHost !== null) {
    return { who: `clients come to ${publicHost}`, isPublic: isPublicHost(publicHost) };
  }
  if (scope === 'private' || scope === 'container') {
    return { who: `a client came from ${client}`, isPublic: false };
  }
  return comesFromOutside === true
    ? { who: 'the gateway listens for other machines', isPublic: false }
    : null;
}

/** Names that are not for the internet end so (RFC 6762, RFC 8375), or are one word. */
const INNER_NAME =
  /^[^.]+$|\.(?:local|lan|home|internal|intranet|corp|test|localhost|home\.arpa)\.?$/i;

function isPublicHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? !INNER_NAME.test(bare) : scopeOf(bare) === 'public';
}

const list = (addresses: readonly string[]): string => addresses.join(', ');
