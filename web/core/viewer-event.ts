import type { ViewerEvent } from '../../gateway/protocol/viewer.ts';

type Members = Readonly<Record<string, unknown>>;

/** What pages rely on in an event of each type; the gateway has checked the rest. */
const CHECKS: Readonly<Record<ViewerEvent['type'], (event: Members) => boolean>> = {
  'host/status': ({ kind, status }) => isText(kind) && isStatus(status),
  'room/recording': ({ recording, unrecorded }) =>
    typeof recording === 'boolean' && Array.isArray(unrecorded),
  'cursor/shape': ({ png, hotX, hotY }) => isText(png) && areNumbers(hotX, hotY),
  'cursor/position': ({ visible, x, y }) => typeof visible === 'boolean' && areNumbers(x, y),
  'viewer/pong': ({ at }) => areNumbers(at),
  'control/welcome': ({ viewer, name, rank, resume }) =>
    [viewer, name, rank, resume].every((member) => isText(member)),
  'control/state': ({ devices, holders, queue, hands, policy }) =>
    [devices, queue, hands].every((member) => Array.isArray(member)) &&
    isObject(holders) &&
    isObject(policy),
  'control/answer': ({ id, result }) => isText(id) && isText(result),
  'control/ended': ({ why }) => isText(why),
  'input/applied': ({ epoch, sequence, at, events }) => areNumbers(epoch, sequence, at, events),
  'input/pictured': ({ mark, rtpTimestamp = 0, capturedAtUs = 0 }) =>
    areNumbers(mark, rtpTimestamp, capturedAtUs),
  'input/refused': ({ why, sentence }) => isText(why) && isText(sentence),
  'clipboard/offer': ({ id, kinds }) => areNumbers(id) && Array.isArray(kinds),
  'clipboard/part': ({ id, kind, bytes, offset, data }) =>
    areNumbers(id, bytes, offset) && isText(kind) && isText(data),
  'clipboard/refused': ({ id, sentence }) => areNumbers(id) && isText(sentence),
  'clipboard/taken': ({ id }) => areNumbers(id),
  'host/ran': ({ id, ok, sentence }) => isText(id) && typeof ok === 'boolean' && isText(sentence),
  'channel/answer': ({ sdp }) => isText(sdp),
  'channel/closed': ({ why }) => isText(why),
};

/** Reads a message of the gateway to a viewer; null for what this page does not know. */
export function readViewerEvent(data: unknown): ViewerEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const event: unknown = JSON.parse(data);
    return isViewerEvent(event) ? event : null;
  } catch {
    return null;
  }
}

function isViewerEvent(event: unknown): event is ViewerEvent {
  if (!isObject(event)) return false;
  const type = event['type'];
  return isKnown(type) && CHECKS[type](event);
}

const isKnown = (type: unknown): type is ViewerEvent['type'] =>
  typeof type === 'string' && Object.hasOwn(CHECKS, type);

const isStatus = (status: unknown): boolean =>
  status === null || (isObject(status) && isText(status['state']));

const isText = (value: unknown): boolean => typeof value === 'string';

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const areNumbers = (...values: readonly unknown[]): boolean =>
  values.every((value) => Number.isFinite(value));
