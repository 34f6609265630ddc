import { lookup } from 'node:dns/promises';
import type { PeerGateway } from './homes.ts';

const EVERY_MS = 2_000;

/** The addresses that other gateways of the cluster come from: those that their URLs stand for. */
export class PeerAddresses {
  readonly #peers: () => readonly PeerGateway[];
  #addresses: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(peers: () => readonly PeerGateway[]) {
    this.#peers = peers;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#resolve(), EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  has(address: string): boolean {
    return this.#addresses.has(address.replace(/^::ffff:(?=[\d.]+$)/i, ''));
  }

  async #resolve(): Promise<void> {
    const hosts = this.#peers().map(({ url }) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
    const found = await Promise.all(
      hosts.map((host) => lookup(host, { all: true }).catch(() => [])),
    );
    this.#addresses = new Set(found.flat().map(({ address }) => address));
  }
}
