import { GatewayError } from '../../errors.ts';
import type { NodeHook } from '../node.ts';
import { HookBody } from './api-schemas.ts';

/** The query parameter of the upstream URL that carries the one-time ticket. */
export const TICKET_PARAMETER = 'ticket';

const EVENTS = {
  on_publish: 'publish',
  on_unpublish: 'unpublish',
  on_play: 'play',
  on_stop: 'stop',
  on_connect: 'connect',
  on_close: 'close',
  on_dvr: 'dvr',
} as const satisfies Record<string, NodeHook['event']>;

/**
 * One hook body in our words. The event in the URL and the body's `action` must agree.
 * @throws GatewayError `bad-request` when the body is not SRS's.
 */
export function readHook(event: string, body: unknown): NodeHook {
  const parsed = HookBody.safeParse(body);
  if (!parsed.success || EVENTS[parsed.data.action] !== event) {
    throw new GatewayError('bad-request', 'This is not a hook body of SRS for this event.');
  }
  const { action, service_id, client_id, app, stream, param, file, error } = parsed.data;
  return {
    event: EVENTS[action],
    service: service_id,
    clientId: client_id,
    room: app,
    source: stream,
    ticket: ticketOf(param),
    ...(action === 'on_dvr' ? { recorded: { path: file, error: error ?? null } } : {}),
  };
}

/** SRS gives the query raw, with a leading `?` for RTMP only (srs.md §7.1). */
function ticketOf(param: string): string | null {
  for (const pair of param.replace(/^\?/, '').split('&')) {
    const [name, value] = pair.split('=', 2);
    if (name === TICKET_PARAMETER && value !== undefined && value !== '') return value;
  }
  return null;
}
