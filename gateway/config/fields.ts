import { isIP } from 'node:net';
import { z } from 'zod';
import { readAnnouncedAddress, type AnnouncedAddress } from '../addresses/announced-address.ts';
import { scopeOf } from '../addresses/address-scope.ts';
import { Role } from '../protocol/role.ts';
import { readSentinels } from '../redis/sentinel.ts';
import { isLoopback } from './loopback.ts';
import { Secret } from './secret.ts';

/** A TCP or UDP port written as text, 0 to 65535. */
export const portNumber = () => numberBetween(0, 65_535);
export const port = (fallback: number) => portNumber().default(fallback);

/** The same, or `off`: null. */
export const portOrOff = (fallback: number) =>
  z
    .union([z.literal('off').transform(() => null), portNumber()], 'must be a port or `off`')
    .default(fallback);

export const wholeNumber = (min: number, max: number, fallback: number) =>
  numberBetween(min, max).default(fallback);

const numberBetween = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be from ${min} to ${max}`);

/** `true`/`false`, also `1`/`0`, `yes`/`no`, `on`/`off`. */
export const flag = () =>
  z
    .enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'])
    .transform((word) => ['true', '1', 'yes', 'on'].includes(word));

/** Comma-separated words; blanks around them are dropped. */
export const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  );

/** `role=value` pairs, comma-separated; a role may come several times. */
export const roleValues = () =>
  list().pipe(
    z.array(
      z.string().transform((word, context): { role: Role; value: string } => {
        const [, name, value = ''] = /^(\w+)=(.+)$/.exec(word) ?? [];
        const role = Role.safeParse(name);
        if (role.success) return { role: role.data, value };
        context.addIssue({ code: 'custom', message: `must be ${Role.options.join(', ')} = value` });
        return z.NEVER;
      }),
    ),
  );

/** Comma-separated http(s) URLs. */
export const urlList = () => list().pipe(z.array(z.url({ protocol: /^https?$/ })));

/** A URL whose answer nobody on the way can change: https, or http on this machine. */
export const safeUrl = () =>
  z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[#@]/.test(url), 'must have no password and no fragment')
    .refine((text) => {
      const url = new URL(text);
      return url.protocol === 'https:' || isLoopback(url.hostname);
    }, 'must be https, or http on a loopback address');

/** Comma-separated web origins as browsers name them, or `*` alone for all. */
export const originListOrAny = () =>
  list().pipe(
    z
      .array(z.string())
      .refine(
        (words) => words.every(isOrigin) || words.join() === '*',
        'must be origins as https://a.example, or "*"',
      ),
  );

function isOrigin(word: string): boolean {
  return /^https?:/.test(word) && URL.canParse(word) && new URL(word).origin === word;
}

/** Comma-separated IP addresses or host names. */
export const addressList = () =>
  list().pipe(
    z.array(
      z
        .string()
        .refine(
          (word) => isIP(word) !== 0 || /^[A-Za-z0-9.-]{1,253}$/.test(word),
          'must be addresses or host names',
        ),
    ),
  );

/** Lists of addresses with or without a port, comma-separated, and `;` between lists. */
export const announcedAddresses = () =>
  z.string().transform((text, context): readonly (readonly AnnouncedAddress[])[] =>
    text.split(';').map((part) =>
      part
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '')
        .flatMap((word) => {
          const address = readAnnouncedAddress(word);
          if (address !== null && !isNowhere(address.host)) return [address];
          context.addIssue({
            code: 'custom',
            message: 'must be addresses, `address:port`, `[IPv6]:port` or host names',
          });
          return [];
        }),
    ),
  );

const isNowhere = (host: string): boolean =>
  isIP(host) !== 0 && ['nowhere', 'link'].includes(scopeOf(host));

/** Comma-separated IP addresses and CIDR blocks; names would be looked up for every request. */
export const networkList = () =>
  list().pipe(z.array(z.string().refine(isNetwork, 'must be IP addresses or CIDR blocks')));

/** The same, or `*` alone for all. */
export const networkListOrAny = () =>
  list().pipe(
    z
      .array(z.string())
      .refine(
        (words) => words.every(isNetwork) || words.join() === '*',
        'must be IP addresses or CIDR blocks, or "*"',
      ),
  );

function isNetwork(word: string): boolean {
  const [address = '', bits, ...more] = word.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest);
}

/** A value that prints as `***`. The message never repeats the value. */
export const secret = (minLength: number) =>
  z
    .string()
    .refine((text) => text.length >= minLength, `must have at least ${minLength} characters`)
    .transform((text) => new Secret(text));

/** The address of a Redis, which may have a password in it; prints as `***`. */
export const redisUrl = () =>
  z
    .string()
    .refine(
      (text) =>
        (/^rediss?:\/\/[^\s]+$/.test(text) && URL.canParse(text)) ||
        readSentinels(text) !== undefined,
      'must be redis://host:port, rediss://host:port or redis+sentinel://host:port,host:port/name; a Redis Cluster is not used',
    )
    .transform((text) => new Secret(text));
