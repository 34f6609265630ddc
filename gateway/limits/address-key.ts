import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that one customer is given: a /64. */
const NETWORK_GROUPS = 4;

/**
 * What an address counts as: an IPv4 address as itself (also when written as IPv6), an IPv6 address
 * as its /64, because whoever has one address of it has all.
 */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return groups.slice(6).flatMap(bytesOf).join('.');
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight groups of an address that `isIPv6` took. */
function groupsOf(address: string): number[] {
  const [bare = ''] = address.split('%');
  const [head = '', tail] = bare.replace(/[\d.]+$/, hexOfDotted).split('::');
  const before = numbersOf(head);
  if (tail === undefined) return before;
  const after = numbersOf(tail);
  const gap = Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array.from({ length: gap }, () => 0), ...after];
}

const numbersOf = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** `192.0.2.1` at the end of an address as two groups; anything else stays. */
function hexOfDotted(text: string): string {
  if (!text.includes('.')) return text;
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

const bytesOf = (group: number): number[] => [group >> 8, group & 0xff];
