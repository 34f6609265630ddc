import type { HookCall } from '../media/node.ts';
import type { Session } from '../rooms/session.ts';

/** The hook by which a node asked for a session, as a step of the offer that it was sent. */
export function traceHook({ kind, offerSpan }: Session, call: HookCall | undefined): void {
  offerSpan
    .child(kind === 'publish' ? 'hook on_publish' : 'hook on_play', {
      kind: 'server',
      startedAt: call?.at,
      attributes: { 'pixelcast.request_id': call?.request },
    })
    .end();
}
