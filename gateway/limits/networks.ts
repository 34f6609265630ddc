import { BlockList, isIP } from 'node:net';

/** A set of networks written as IP addresses and CIDR blocks. */
export class Networks {
  readonly #list = new BlockList();

  constructor(words: readonly string[]) {
    for (const word of words) this.#add(word);
  }

  /** Whether the address is in one of them; an IPv4 address also when written as IPv6. */
  has(address: string): boolean {
    const bare = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
    const family = isIP(bare);
    return family !== 0 && this.#list.check(bare, family === 6 ? 'ipv6' : 'ipv4');
  }

  #add(word: string): void {
    const [address = '', bits] = word.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) this.#list.addAddress(address, family);
    else this.#list.addSubnet(address, Number(bits), family);
  }
}
