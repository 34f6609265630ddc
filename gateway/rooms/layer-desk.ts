import { GatewayError } from '../errors.ts';
import type { LayerChoice } from '../media/node.ts';
import type { LayerRequest } from '../protocol/layers.ts';
import type { KeptSession } from './kept-session.ts';
import { PLAIN_NAMES, type RoomNames } from './room-names.ts';
import type { Session } from './session.ts';
import type { SessionObserver } from './sessions.ts';

/**
 * Who may choose a layer: one capability for each viewer of a node that has layers. Whoever holds it
 * may change what that viewer sees, and nothing else.
 */
export class LayerDesk implements SessionObserver {
  readonly #ids = new Map<Session, string>();
  readonly #sessions = new Map<string, Session>();
  readonly #names: RoomNames;

  constructor(names: RoomNames = PLAIN_NAMES) {
    this.#names = names;
  }

  get size(): number {
    return this.#sessions.size;
  }

  opened(session: Session): void {
    if (!hasLayers(session)) return;
    this.#announce(session, this.#names.capability(session.room));
  }

  adopted(session: Session, { announced }: KeptSession): void {
    if (announced.layers !== undefined) this.#announce(session, announced.layers);
  }

  handedOver(session: Session): void {
    this.ended(session);
  }

  live(): void {
    // nothing changes
  }

  ended(session: Session): void {
    const id = this.#ids.get(session);
    if (id === undefined) return;
    this.#ids.delete(session);
    this.#sessions.delete(id);
  }

  #announce(session: Session, id: string): void {
    this.#ids.set(session, id);
    this.#sessions.set(id, session);
  }

  /** What a 201 announces; undefined where there are no layers to choose from (LAYER-04). */
  idOf(session: Session): string | undefined {
    return this.#ids.get(session);
  }

  /** @throws GatewayError when there is no such capability, or no longer */
  sessionOf(id: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw gone();
    return session;
  }

  /** Asks the node for what a viewer wants; resolves when it has taken it. @throws GatewayError */
  async choose(session: Session, request: LayerRequest): Promise<void> {
    const { place, node, media } = session;
    if (request.mediaId !== media?.videoMid) {
      throw unavailable('This m-line of the session has no layers to choose from.');
    }
    if (place === null || node === null) throw gone();
    const result = await node.chooseLayer(place.clientId, choiceOf(request));
    if (result === 'no-layer') throw unavailable('The publisher sends no such layer now.');
    if (result === 'gone') throw gone();
  }

  /** Back to what the viewer's path bears. @throws GatewayError */
  async release(session: Session): Promise<void> {
    const mediaId = session.media?.videoMid ?? '';
    await this.choose(session, { mediaId });
  }
}

/** Whether a viewer's node can give it one of several layers. */
export const hasLayers = ({ kind, node, media }: Session): boolean =>
  kind === 'watch' && (node?.codecs.layered.length ?? 0) > 0 && media?.videoMid != null;

function choiceOf(request: LayerRequest): LayerChoice {
  const { rid, encodingId, maxWidth, maxHeight } = request;
  if (rid !== undefined && encodingId !== undefined && rid !== encodingId) {
    throw new GatewayError('bad-request', 'rid and encodingId name different layers.');
  }
  if (SCALABILITY.some((name) => request[name] !== undefined)) {
    throw unavailable('Spatial and temporal layers cannot be chosen here; use rid or maxHeight.');
  }
  return {
    rid: rid ?? encodingId ?? null,
    maxWidth: maxWidth ?? null,
    maxHeight: maxHeight ?? null,
  };
}

/** Scalable video coding; what is served here is simulcast. */
const SCALABILITY = [
  'spatialLayerId',
  'temporalLayerId',
  'maxSpatialLayerId',
  'maxTemporalLayerId',
] as const;

const unavailable = (message: string): GatewayError =>
  new GatewayError('layer-unavailable', message);

const gone = (): GatewayError =>
  new GatewayError('not-found', 'There is no such session, or no longer.');
