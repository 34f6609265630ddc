import type { Request } from 'express';

/** What a gateway must know of a request to judge it as this one would. */
const TOLD = [
  ...['authorization', 'cookie', 'origin', 'sec-fetch-site', 'accept', 'x-csrf-token'],
  ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'],
];

/** Of a request that this gateway asks others on behalf of. */
export const toldHeaders = (req: Request): Record<string, string> =>
  Object.fromEntries(
    TOLD.flatMap((name) => {
      const value = req.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
