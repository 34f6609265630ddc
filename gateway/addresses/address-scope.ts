import { Networks } from '../limits/networks.ts';

/** From where an address can be reached, by what its number says. */
export type AddressScope =
  /** Nobody sends there: unspecified, multicast, reserved. */
  | 'nowhere'
  | 'loopback'
  /** One cable; IPv6 needs a zone beside it, which no candidate has. */
  | 'link'
  /** Docker's first bridge, unless told otherwise. */
  | 'container'
  /** RFC 1918, RFC 4193, and a provider's own (RFC 6598). */
  | 'private'
  | 'public';

const SCOPES: readonly (readonly [AddressScope, Networks])[] = [
  ['loopback', new Networks(['127.0.0.0/8', '::1'])],
  ['link', new Networks(['169.254.0.0/16', 'fe80::/10'])],
  ['container', new Networks(['172.17.0.0/16'])],
  [
    'private',
    new Networks(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']),
  ],
  ['nowhere', new Networks(['0.0.0.0/8', '::', '224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'])],
];

/** The scope of an IP address; what is none is `nowhere`. */
export function scopeOf(ip: string): AddressScope {
  const bare = ip.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');
  if (!/^[\da-f.:]+$/i.test(bare)) return 'nowhere';
  return SCOPES.find(([, networks]) => networks.has(bare))?.[0] ?? 'public';
}
