import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { LIMITS } from '../limits/limits.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import { ReceivedOffer } from '../sdp/received-offer.ts';
import { bytesOf, textOf, typeOf } from './body.ts';

/** RFC 9725 §4.2. */
export const SDP = 'application/sdp';

const received = new WeakMap<Request, ReceivedOffer>();

/** The offer of a request whose body was read. @throws GatewayError `sdp-malformed` when it is not UTF-8 */
export function offerOf(req: Request, kind: SessionKind): ReceivedOffer {
  const offer = received.get(req) ?? new ReceivedOffer(textOf(req), kind);
  received.set(req, offer);
  return offer;
}

/**
 * Reads an offer, body and SDP, while something else is asked for that is some 0.6 ms away. What is
 * wrong with it is said where it is refused. @throws when the client goes away meanwhile
 */
export async function readAhead(req: Request, res: Response, kind: SessionKind): Promise<void> {
  const length = Number(req.get('content-length') ?? 0);
  if (typeOf(req) !== SDP || length === 0 || length > LIMITS.bodyBytes) return;
  // The client of Redis writes at the end of this turn: its question goes out first.
  await nextTurn();
  await bytesOf(req, res);
  try {
    offerOf(req, kind).read();
  } catch {
    // Read again by who answers it.
  }
}
