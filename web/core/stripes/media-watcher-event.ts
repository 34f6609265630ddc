import type { MediaWatcherEvent } from '../../../gateway/protocol/media/media-messages.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a player relies on in an event of each type; the gateway has checked the rest. */
const CHECKS: Readonly<Record<MediaWatcherEvent['type'], (event: Members) => boolean>> = {
  'media/welcome': ({ session }) => typeof session === 'string',
  'media/state': ({ publishing, webrtc }) =>
    typeof publishing === 'boolean' && typeof webrtc === 'boolean',
  'media/viewers': ({ count }) => Number.isFinite(count),
  'media/alive': () => true,
};

/** Reads a text of the gateway to a viewer of `/ws/media`; null for what this player does not know. */
export function readMediaWatcherEvent(text: string): MediaWatcherEvent | null {
  try {
    const event: unknown = JSON.parse(text);
    return isWatcherEvent(event) ? event : null;
  } catch {
    return null;
  }
}

function isWatcherEvent(event: unknown): event is MediaWatcherEvent {
  if (typeof event !== 'object' || event === null) return false;
  const type = (event as Members)['type'];
  return isKnown(type) && CHECKS[type](event as Members);
}

const isKnown = (type: unknown): type is MediaWatcherEvent['type'] =>
  typeof type === 'string' && Object.hasOwn(CHECKS, type);
