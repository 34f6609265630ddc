import { Router, type Response } from 'express';
import type { OperatorSink } from '../../events/operator-stream.ts';
import type { OperatorStreams } from '../../events/operator-streams.ts';
import { streamEvents } from '../../protocol/api/events.ts';
import type { AdminAccess } from '../admin-access.ts';
import { serve } from './serve-operation.ts';

export interface OperatorEventDeps extends AdminAccess {
  readonly operatorStreams: OperatorStreams;
}

/** `/api/v1/events`: what happens, for whoever operates rooms. */
export function operatorEventRoutes(deps: OperatorEventDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, streamEvents, ({ grant, query: { room, types }, req, res }) => {
    if (req.method === 'HEAD') {
      writeHead(res);
      res.end();
      return undefined;
    }
    const filter = { room, types: types === undefined ? undefined : new Set(types) };
    const given = req.get('last-event-id');
    const lastId = given === '' ? undefined : given;
    const close = deps.operatorStreams.open({ grant, filter, lastId }, () => connect(res));
    res.on('close', close);
    return undefined;
  });
  return router;
}

function writeHead(res: Response): void {
  // Not by `set`, which adds a charset that an event stream has not.
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    // nginx passes each event on at once.
    'X-Accel-Buffering': 'no',
  });
}

function connect(res: Response): OperatorSink {
  writeHead(res);
  return {
    write: (text) => void res.write(text),
    get waiting() {
      return res.writableLength;
    },
    end: () => void res.end(),
    destroy: () => void res.destroy(),
  };
}
