import type { ViewerEvent } from '../../gateway/protocol/viewer.ts';

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
  switch (event['type']) {
    case 'host/status':
      return typeof event['kind'] === 'string' && isStatus(event['status']);
    case 'cursor/shape':
      return typeof event['png'] === 'string' && areNumbers(event['hotX'], event['hotY']);
    case 'cursor/position':
      return typeof event['visible'] === 'boolean' && areNumbers(event['x'], event['y']);
    default:
      return false;
  }
}

function isStatus(status: unknown): boolean {
  return status === null || (isObject(status) && typeof status['state'] === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => Number.isFinite(value));
}
