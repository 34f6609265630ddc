import type { NextFunction, Request, Response } from 'express';
import { bareAddress } from './client-address.ts';

const FIELDS = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] as const;
/** What a proxy may say about a request that it passes on. */
const TRACES = [...FIELDS, 'forwarded', 'x-real-ip', 'via'] as const;

/** Whether the request says that it came through a proxy, whoever wrote that. */
export const isForwarded = (req: Request): boolean =>
  TRACES.some((name) => req.headers[name] !== undefined);

/** `trust(address, hop)` of express: true for the configured proxies. */
type Trust = (address: string, hop: number) => boolean;

/** Whether whoever sent the request itself, be it a client or a proxy, is one of the trusted proxies. */
export const trustsPeer = (req: Request): boolean =>
  (req.app.get('trust proxy fn') as Trust)(req.socket.remoteAddress ?? '', 0);

/**
 * What the nearest proxy says counts only when it is a trusted one (X13); express does the same for
 * `X-Forwarded-*`. `Forwarded` (RFC 7239) is read where a proxy writes it alone: beside
 * `X-Forwarded-*` it may be the client's own.
 */
export function readForwarded(req: Request, _res: Response, next: NextFunction): void {
  const trust = req.app.get('trust proxy fn') as Trust;
  const { forwarded } = req.headers;
  const alone = FIELDS.every((name) => req.headers[name] === undefined);
  if (forwarded !== undefined && alone && trustsPeer(req)) {
    Object.assign(req.headers, toFields(forwarded, trust));
  }
  next();
}

/** One element for each hop, the nearest last; scheme and host are those of the client's own hop. */
function toFields(forwarded: string, trust: Trust): Record<string, string> {
  const hops = forwarded.split(',').map(readHop);
  const client = hops.findLast((hop) => !trust(hop.get('for') ?? '', 0)) ?? hops[0];
  const fields: Record<string, string> = {
    'x-forwarded-for': hops.map((hop) => hop.get('for') ?? 'unknown').join(', '),
  };
  const [proto, host] = [client?.get('proto'), client?.get('host')];
  if (proto !== undefined) fields['x-forwarded-proto'] = proto;
  if (host !== undefined) fields['x-forwarded-host'] = host;
  return fields;
}

function readHop(element: string): ReadonlyMap<string, string> {
  const pairs = element.split(';').map((pair): [string, string] => {
    const [name = '', ...rest] = pair.split('=');
    const value = rest
      .join('=')
      .trim()
      .replace(/^"(.*)"$/, '$1');
    const key = name.trim().toLowerCase();
    return [key, key === 'for' ? bareAddress(value) : value];
  });
  return new Map(pairs);
}
