import { GatewayError } from '../errors.ts';

const RETRY_SECONDS = 1;

export const homeUnknown = (): GatewayError =>
  new GatewayError('home-unknown', 'It is not known where this room is. Try again in a moment.', {
    retryAfterSeconds: RETRY_SECONDS,
  });

/** Nothing was done of the request: its room goes on at another gateway, in a moment. */
export class RoomMoves extends GatewayError {
  constructor() {
    super('home-unknown', 'This room moves between gateways. Try again in a moment.', {
      retryAfterSeconds: RETRY_SECONDS,
    });
  }
}

export const roomMoves = (): GatewayError => new RoomMoves();

export const homeAway = (cause: Error): GatewayError =>
  new GatewayError('home-away', 'The gateway of this room went away. Try again in a moment.', {
    cause,
    retryAfterSeconds: RETRY_SECONDS,
  });

const HOLDER_RETRY_SECONDS = 5;

export const recordingAway = (cause?: Error): GatewayError =>
  new GatewayError(
    'home-away',
    'The gateway that has this recording is away. It is there again when that gateway is.',
    { ...(cause && { cause }), retryAfterSeconds: HOLDER_RETRY_SECONDS },
  );

export const holderUnknown = (): GatewayError =>
  new GatewayError(
    'home-unknown',
    'It is not known which gateway has this recording. Try again in a moment.',
    { retryAfterSeconds: RETRY_SECONDS },
  );

export const tooManyRooms = (): GatewayError =>
  new GatewayError('capacity', 'There are too many rooms.', { retryAfterSeconds: 10 });
