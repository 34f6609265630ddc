import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopback } from '../config/loopback.ts';
import { Networks } from '../limits/networks.ts';

/** Networks that no router passes on: containers, pods and machines beside this one. */
const PRIVATE = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  ...['fc00::/7', 'fe80::/10'],
];
/** A node may have moved; a stranger must not make us ask the name server all the time. */
const RESOLVE_EVERY_MS = 5_000;

/**
 * Who may call hooks. As configured; otherwise private networks and the addresses that the nodes'
 * names stand for. This machine always may: the embedded engine lives here.
 */
export class HookAddresses {
  readonly #networks: Networks;
  readonly #any: boolean;
  readonly #nodeUrls: () => readonly string[];
  readonly #now: () => number;
  #nodes = new Set<string>();
  #resolved = '';
  #resolvedAt = Number.NEGATIVE_INFINITY;

  /** `allowed`: addresses and CIDR blocks, or `*`; empty gives the default. */
  constructor(options: {
    readonly allowed: readonly string[];
    /** Of the nodes that are known now. */
    readonly nodeUrls: () => readonly string[];
    readonly now: () => number;
  }) {
    const { allowed, nodeUrls } = options;
    this.#any = allowed.includes('*');
    this.#networks = new Networks(allowed.length === 0 ? PRIVATE : this.#any ? [] : allowed);
    this.#nodeUrls = allowed.length === 0 ? nodeUrls : () => [];
    this.#now = options.now;
  }

  async has(address: string): Promise<boolean> {
    if (this.#any || isLoopback(address) || this.#networks.has(address)) return true;
    const urls = this.#nodeUrls();
    const isSame = urls.join() === this.#resolved;
    if (isSame && this.#nodes.has(address)) return true;
    const elapsed = this.#now() - this.#resolvedAt;
    if (urls.length === 0 || (isSame && elapsed < RESOLVE_EVERY_MS)) return false;
    this.#resolvedAt = this.#now();
    this.#resolved = urls.join();
    this.#nodes = new Set((await Promise.all(urls.map(addressesOf))).flat());
    return this.#nodes.has(address);
  }
}

async function addressesOf(url: string): Promise<string[]> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
