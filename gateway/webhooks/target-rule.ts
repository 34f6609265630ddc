import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { scopeOf } from '../addresses/address-scope.ts';
import { Networks } from '../limits/networks.ts';

/**
 * Beside what is not public by its scope: shared, benchmark and documentation networks, ways to write an
 * IPv4 address as IPv6 (compatible, NAT64, 6to4, Teredo), and Azure's metadata.
 */
const SPECIAL = new Networks([
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '168.63.129.16', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', 'fec0::/10'],
]);

/** A target that must not be called. Its message is a sentence for the delivery log. */
export class TargetRefused extends Error {}

/** Which addresses webhooks may go to: public ones by https, and those that the operator allows. */
export class TargetRule {
  readonly #allowed: Networks;
  readonly #allowsAll: boolean;

  /** `allowed`: addresses and CIDR blocks, or `*`. */
  constructor(allowed: readonly string[]) {
    this.#allowsAll = allowed.includes('*');
    this.#allowed = new Networks(allowed.filter((word) => word !== '*'));
  }

  /** Holds what the URL itself says against the rule. @throws TargetRefused */
  check(url: URL): void {
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw refused('is neither http nor https');
    if (url.username !== '' || url.password !== '') throw refused('has a user or a password');
    const host = hostOf(url);
    if (isIP(host) !== 0) this.#require(host, url);
  }

  /** Finds the addresses of a name, and gives the connection none that the rule refuses. */
  lookupFor(url: URL): LookupFunction {
    return (name, options, callback) => {
      lookup(name, { ...options, all: true }, (error, addresses) => {
        if (error !== null) {
          callback(error, '');
          return;
        }
        const good = addresses.filter(({ address }) => this.#refusal(address, url) === undefined);
        const [first] = good;
        if (first === undefined) callback(this.#refusalOf(addresses, url), '');
        else if (options.all === true) callback(null, good);
        else callback(null, first.address, first.family);
      });
    };
  }

  #refusalOf(addresses: readonly LookupAddress[], url: URL): Error {
    const [first] = addresses;
    return refused((first && this.#refusal(first.address, url)) ?? 'has a name without an address');
  }

  #require(address: string, url: URL): void {
    const why = this.#refusal(address, url);
    if (why !== undefined) throw refused(why);
  }

  #refusal(address: string, { protocol, port }: URL): string | undefined {
    if (this.#allowsAll || this.#allowed.has(address)) return undefined;
    if (scopeOf(address) !== 'public' || SPECIAL.has(address)) return 'has no public address';
    if (protocol !== 'https:') return 'is not https';
    if (port !== '' && Number(port) < 1024) return 'has a port below 1024 that is not 443';
    return undefined;
  }
}

/** The host of a URL as `net` has it: an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

const refused = (why: string): TargetRefused =>
  new TargetRefused(`The URL ${why}; WEBHOOK_ALLOWED_ADDRESSES does not allow it.`);
