import type { MediaPublisherEvent } from '../../../gateway/protocol/media/media-messages.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a publisher relies on in an event of each type; the gateway has checked the rest. */
const CHECKS: Readonly<Record<MediaPublisherEvent['type'], (event: Members) => boolean>> = {
  'media/welcome': ({ session }) => typeof session === 'string',
  'media/demand': ({ picture, sound }) => areNumbers(picture, sound),
  'media/key': () => true,
  'media/alive': () => true,
  'media/report': ({ report }) =>
    isObject(report) &&
    areNumbers(report['viewers'], report['paintedMedianMs'], report['paintedUpperMs']) &&
    areNumbers(report['skippedMedian'], report['skippedUpper']),
};

/** Reads a message of the gateway to a publisher; null for what this page does not know. */
export function readPublishEvent(data: unknown): MediaPublisherEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const event: unknown = JSON.parse(data);
    return isPublishEvent(event) ? event : null;
  } catch {
    return null;
  }
}

function isPublishEvent(event: unknown): event is MediaPublisherEvent {
  if (!isObject(event)) return false;
  const type = event['type'];
  return isKnown(type) && CHECKS[type](event);
}

const isKnown = (type: unknown): type is MediaPublisherEvent['type'] =>
  typeof type === 'string' && Object.hasOwn(CHECKS, type);

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const areNumbers = (...values: readonly unknown[]): boolean =>
  values.every((value) => Number.isFinite(value));
