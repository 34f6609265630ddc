import type { RequestHandler } from 'express';
import type { RecordingHolders } from '../../cluster/recording-holders.ts';
import { holderUnknown, recordingAway } from '../../cluster/refusals.ts';
import { GatewayError } from '../../errors.ts';
import { RecordingId } from '../../protocol/api/recordings.ts';
import type { Recordings } from '../../recordings/recordings.ts';
import { forward, type ClusterEdge } from './hand-on.ts';
import { isHandedOn } from './peer-entry.ts';

/** Where recordings are, among several gateways. */
export interface RecordingPlaces {
  readonly edge: ClusterEdge | undefined;
  readonly holders: Pick<RecordingHolders, 'find'> | undefined;
  readonly recordings: Pick<Recordings, 'index'>;
}

/**
 * Hands requests about one recording on to the gateway that holds it, media and ranges included. One whose
 * gateway is away is 503; one that nobody knows goes on here, and is not found.
 */
export function handRecordingsOn({ edge, holders, recordings }: RecordingPlaces): RequestHandler {
  if (edge === undefined || holders === undefined) return (_req, _res, next) => next();
  return async (req, res, next) => {
    const id = RecordingId.safeParse(req.path.split('/')[1]).data;
    if (id === undefined || isHandedOn(req) || recordings.index.byId(id) !== undefined) {
      next();
      return;
    }
    const [holder] = await holders.find([id]);
    switch (holder?.at) {
      case 'there': {
        const done = (error?: unknown): void => next(isAway(error) ? recordingAway(error) : error);
        const to = { here: false, gateway: holder.gateway } as const;
        await forward(edge.forwarder, { req, res }, to).catch(done);
        return;
      }
      case 'away':
        throw recordingAway();
      case 'unknown':
        throw holderUnknown();
      default:
        next();
    }
  };
}

const isAway = (error: unknown): error is GatewayError =>
  error instanceof GatewayError && error.code === 'home-away';
