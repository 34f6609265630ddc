import type { SignalEvent } from '../../../gateway/protocol/signal/signal-events.ts';

type Members = Readonly<Record<string, unknown>>;

/** What peers rely on in an event of each type; the gateway has checked the rest. */
const CHECKS: Readonly<Record<SignalEvent['type'], (event: Members) => boolean>> = {
  registered: ({ peerId, resume, turnConfig, peers }) =>
    areTexts(peerId, resume) &&
    isTurnConfig(turnConfig) &&
    Array.isArray(peers) &&
    peers.every((peer) => isObject(peer) && areTexts(peer['peerId'], peer['role'])),
  'turn-config': ({ turnConfig }) => isTurnConfig(turnConfig),
  'peer-connected': ({ peerId, role }) => areTexts(peerId, role),
  'peer-control': ({ peerId }) => areTexts(peerId),
  offer: ({ sdp, from }) => areTexts(sdp, from),
  answer: ({ sdp, from }) => areTexts(sdp, from),
  'request-offer': ({ from }) => areTexts(from),
  'ice-candidate': ({ candidate, from }) =>
    areTexts(from) && (candidate === null || isObject(candidate)),
  ice: ({ candidate, sdpMLineIndex, from }) =>
    areTexts(candidate, from) && typeof sdpMLineIndex === 'number',
  bye: ({ from }) => areTexts(from),
  'peer-disconnected': ({ peerId, reason }) => areTexts(peerId, reason),
  error: ({ code, message }) => areTexts(code, message),
  pong: () => true,
};

/** Reads a message of the gateway to a peer; null for what is not known here. */
export function readSignalEvent(data: unknown): SignalEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const event: unknown = JSON.parse(data);
    return isSignalEvent(event) ? event : null;
  } catch {
    return null;
  }
}

function isSignalEvent(event: unknown): event is SignalEvent {
  if (!isObject(event) || typeof event['type'] !== 'string') return false;
  const { type } = event;
  return Object.hasOwn(CHECKS, type) && CHECKS[type as SignalEvent['type']](event);
}

const isTurnConfig = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value['iceServers']);

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const areTexts = (...values: readonly unknown[]): boolean =>
  values.every((value) => typeof value === 'string');
