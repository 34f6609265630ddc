import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Logger } from '../observability/logger.ts';
import type { AddressProbeView, AddressView } from '../protocol/addresses.ts';
import type { Candidate } from '../sdp/candidate.ts';
import { writeEndpoint, type AnnouncedAddress } from './announced-address.ts';
import { scopeOf } from './address-scope.ts';
import { judgeAddresses, type AddressRemark, type Audience } from './judge-addresses.ts';
import { rewriteCandidates, type AnnouncedLiteral } from './rewrite-candidates.ts';

export interface PublicAddressesOptions {
  /** As set for this media server; empty: it announces its own. */
  readonly configured: readonly AnnouncedAddress[];
  readonly node: string;
  readonly audience: Omit<Audience, 'client'>;
  /** Addresses from which a router's clients come too, so that they tell nothing. */
  readonly isRouter: (client: string) => boolean;
  readonly log: Logger;
  /** IP addresses of a name. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/** Where the clients of one media server are told to send media, and what is wrong with that. */
export class PublicAddresses {
  readonly #options: PublicAddressesOptions;
  readonly #resolve: (name: string) => Promise<readonly string[]>;
  readonly #remarks = new Map<string, AddressRemark>();
  /** Kinds of clients that the announced addresses were held against. */
  readonly #judgedFor = new Set<string>();
  readonly #found = new Map<string, readonly string[]>();
  #literals: readonly AnnouncedLiteral[];
  #announced: readonly string[] = [];
  #probes: readonly AddressProbeView[] = [];

  constructor(options: PublicAddressesOptions) {
    this.#options = options;
    this.#resolve = options.resolve ?? resolveName;
    this.#literals = options.configured.filter(isLiteral).map(toLiteral);
  }

  get node(): string {
    return this.#options.node;
  }

  /** `address:port` of the last answer, the preferred one first. */
  get announced(): readonly string[] {
    return this.#announced;
  }

  /** Looks names up anew and judges what is set. A name that has no address is left out, with a remark. */
  async refresh(): Promise<void> {
    const { configured } = this.#options;
    const found = await Promise.all(configured.map((each) => this.#lookUp(each)));
    this.#literals = found.flat();
    const addresses = this.#literals.map(({ ip }) => ip);
    if (addresses.length > 0) this.#judge(addresses, null);
  }

  /** The candidates that a client gets in place of the media server's. */
  announce(own: readonly Candidate[], client: string): readonly Candidate[] {
    const candidates = rewriteCandidates(own, this.#literals);
    this.#note(candidates, client);
    return candidates;
  }

  /** What came of a try of each announced address. */
  noteProbes(probes: readonly AddressProbeView[]): void {
    for (const { address, reachable, error } of probes) {
      const before = this.#probes.find((probe) => probe.address === address)?.reachable ?? true;
      if (reachable === before) continue;
      const what = { node: this.node, address, detail: error };
      if (reachable) this.#options.log.info(what, 'an announced media address answers again');
      else this.#options.log.warn(what, 'an announced media address does not answer from here');
    }
    this.#probes = probes;
  }

  view(): AddressView {
    return {
      configured: this.#options.configured.length > 0,
      announced: [...this.#announced],
      remarks: [...this.#remarks.values()].map(({ fault, sentence }) => ({ fault, sentence })),
      probes: [...this.#probes],
    };
  }

  #note(candidates: readonly Candidate[], client: string): void {
    const udp = candidates.filter(({ transport }) => transport === 'udp');
    const announced = udp.map(({ ip, port }) => writeEndpoint(ip, port));
    if (announced.join() !== this.#announced.join()) {
      this.#announced = announced;
      this.#judgedFor.clear();
      for (const [key, { fault }] of this.#remarks) {
        if (fault !== 'unresolved') this.#remarks.delete(key);
      }
    }
    const kind = scopeOf(client);
    if (this.#judgedFor.has(kind)) return;
    this.#judgedFor.add(kind);
    this.#judge(
      udp.map(({ ip }) => ip),
      this.#options.isRouter(client) ? null : client,
    );
  }

  #judge(addresses: readonly string[], client: string | null): void {
    const remarks = judgeAddresses(addresses.filter(isIpLiteral), {
      ...this.#options.audience,
      client,
    });
    for (const remark of remarks) this.#remark(remark.fault, remark);
  }

  /** Each once, until the addresses change. */
  #remark(key: string, remark: AddressRemark): void {
    if (this.#remarks.has(key)) return;
    this.#remarks.set(key, remark);
    this.#options.log.warn({ node: this.node, fault: remark.fault }, remark.sentence);
  }

  async #lookUp(address: AnnouncedAddress): Promise<readonly AnnouncedLiteral[]> {
    if (isLiteral(address)) return [toLiteral(address)];
    const { host, port } = address;
    const key = `name ${host}`;
    try {
      const found = await this.#resolve(host);
      if (found.length === 0) throw new Error('It has no address.');
      this.#found.set(host, found);
      this.#remarks.delete(key);
    } catch {
      const sentence = this.#found.has(host)
        ? `The name ${host} of MEDIA_CANDIDATE has no address now; clients are told the last one.`
        : `The name ${host} of MEDIA_CANDIDATE has no address, so clients are not told of it.`;
      this.#remark(key, { fault: 'unresolved', sentence });
    }
    return (this.#found.get(host) ?? []).map((ip) => ({ ip, port }));
  }
}

const isIpLiteral = (ip: string): boolean => isIP(ip) !== 0;
const isLiteral = ({ host }: AnnouncedAddress): boolean => isIP(host) !== 0;
const toLiteral = ({ host, port }: AnnouncedAddress): AnnouncedLiteral => ({ ip: host, port });

async function resolveName(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}
