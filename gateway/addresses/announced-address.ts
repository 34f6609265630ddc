import { isIP } from 'node:net';

/** Where clients are told to send media: an IP address or a host name, and a port of its own. */
export interface AnnouncedAddress {
  readonly host: string;
  /** Null: the media server's. */
  readonly port: number | null;
}

/** `203.0.113.7`, `203.0.113.7:9000`, `2001:db8::7`, `[2001:db8::7]:9000`, or a name; null: none of them. */
export function readAnnouncedAddress(word: string): AnnouncedAddress | null {
  if (isIP(word) !== 0 && !word.includes('%')) return { host: word, port: null };
  const [, bracketed, plain = '', port] = FORM.exec(word) ?? [];
  const host = bracketed ?? plain;
  const isHost = bracketed === undefined ? isIP(plain) === 4 || isName(plain) : isIP(host) === 6;
  if (!isHost) return null;
  if (port === undefined) return { host, port: null };
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? { host, port: number } : null;
}

/** `203.0.113.7:8000`, `[2001:db8::7]:8000`. */
export const writeEndpoint = (ip: string, port: number): string =>
  `${ip.includes(':') ? `[${ip}]` : ip}:${port}`;

const FORM = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253}))(?::(\d{1,5}))?$/;

/** With a letter in its last label: `192.0.2` and `300.1.1.1` are no names. */
const isName = (word: string): boolean =>
  /^(?!-)[A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9-]*\.?$/.test(word);
