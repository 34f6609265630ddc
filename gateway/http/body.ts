import express, { type Request, type RequestHandler, type Response } from 'express';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import { hasOwnName } from './json-names.ts';

/** Reads a body of at most 64 KiB as bytes, uncompressed only. */
export const readBytes = invited(
  express.raw({ type: () => true, limit: LIMITS.bodyBytes, inflate: false }),
);

/** Reads a JSON body of at most 16 KiB, uncompressed only, without names of JavaScript's own. */
export const readJson = invited(
  withoutOwnNames(express.json({ limit: LIMITS.jsonBytes, inflate: false, strict: true })),
);

function withoutOwnNames(read: RequestHandler): RequestHandler {
  return (req, res, next) => {
    void read(req, res, (error?: unknown) => {
      const refused = error === undefined && hasOwnName(req.body);
      next(refused ? new GatewayError('bad-request', 'The JSON has a forbidden name.') : error);
    });
  };
}

/** RFC 9110 §10.1.1: a client that asks first may send now a body that is not too large. */
function invited(read: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (Buffer.isBuffer(req.body)) {
      next();
      return;
    }
    const asks = req.get('expect')?.toLowerCase() === '100-continue';
    if (asks && Number(req.get('content-length') ?? 0) <= LIMITS.bodyBytes) res.writeContinue();
    read(req, res, next);
  };
}

/** The whole body, read now unless it was. @throws what `readBytes` refuses */
export async function bytesOf(req: Request, res: Response): Promise<Buffer> {
  if (isEmpty(req)) return Buffer.alloc(0);
  if (!Buffer.isBuffer(req.body)) {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    readBytes(req, res, (error?: unknown) =>
      error === undefined ? resolve(undefined) : reject(error),
    );
    await promise;
  }
  const body: unknown = req.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/**
 * Requires a length and a content type, parameters aside, before the body is read.
 * @throws GatewayError `body-too-large` or `media-type-unsupported`
 */
export function requireBody(req: Request, type: string): void {
  if (Number(req.get('content-length') ?? 0) > LIMITS.bodyBytes) {
    throw new GatewayError('body-too-large', 'The body is too large.');
  }
  if (typeOf(req) !== type) {
    throw new GatewayError('media-type-unsupported', `The body must be ${type}.`);
  }
}

/** The content type without parameters, in lower case; '' without one (WHIP-05). */
export function typeOf(req: Request): string {
  return (req.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Whether the request says by its header fields that it has no body (RFC 9112 §6.3). */
export function isEmpty(req: Request): boolean {
  const chunked = req.get('transfer-encoding') !== undefined;
  return !chunked && Number(req.get('content-length') ?? 0) === 0;
}

/** The body as text. @throws GatewayError `sdp-malformed` when it is not UTF-8. */
export function textOf(req: Request): string {
  const bytes: unknown = req.body;
  if (!Buffer.isBuffer(bytes)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError('sdp-malformed', 'The body is not UTF-8 text.', { cause });
  }
}
