import { isIP } from 'node:net';
import { isLoopback } from '../config/loopback.ts';
import { GatewayError } from '../errors.ts';

const FORM =
  /^(?:(?:tcp|http):\/\/)?(?:(\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z.-]{0,253}|\*):)?(\d{1,5})$/;
/** `listen` with them, or without an address, takes all that a machine has. */
const ANY = new Set(['', '*', '0.0.0.0', '::']);

/**
 * Where the API of a media server is that made itself known: at the address that it called from, and
 * nowhere else, so that none speaks for another and the gateway's password goes to nobody else.
 * @param api as SRS writes it: `1985`, `10.0.0.5:1985`, `[::]:1985`.
 * @param sender IP address of the caller.
 * @throws GatewayError `scope-insufficient` when it names another address, `bad-request` when it names none
 */
export function heartbeatAddress(api: string, sender: string): string {
  const [, given = '', port = ''] = FORM.exec(api) ?? [];
  const host = given.replace(/^\[|\]$/g, '');
  const from = sender.replace(/^::ffff:(?=[\d.]+$)/i, '');
  const number = Number(port);
  if (isIP(from) === 0 || number < 1 || number > 65_535 || (!ANY.has(host) && isIP(host) === 0)) {
    throw new GatewayError('bad-request', 'The heartbeat names no usable address of an API.');
  }
  const own = hostOf(ANY.has(host) ? from : host);
  if (own !== hostOf(from) && !(isLoopback(own) && isLoopback(from))) {
    throw new GatewayError(
      'scope-insufficient',
      'A media server makes itself known from the address of its API alone.',
    );
  }
  return new URL(`http://${own}:${number}`).origin;
}

/** In the one spelling of URLs. */
const hostOf = (ip: string): string =>
  new URL(`http://${isIP(ip) === 6 ? `[${ip}]` : ip}`).hostname;
