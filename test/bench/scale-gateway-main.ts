/** A whole gateway whose registry is filled on demand with sessions that have no client. */
import { loadConfig } from '../../gateway/config/load.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { createLogger } from '../../gateway/observability/logger.ts';
import { RoomId, SourceId } from '../../gateway/protocol/ids.ts';
import { Sessions } from '../../gateway/rooms/sessions.ts';
import { mint } from './gateway-process.ts';
import type { FillOrder } from './scale-gateway.ts';

const config = loadConfig();
const gateway = createGateway(config, createLogger({ level: 'warn', format: 'json' }));
const url = await gateway.start();
const sessions = await findSessions();
const source = SourceId.parse('main');
const expiresAt = Date.now() + 24 * 3600 * 1000;
let filled = 0;

process.on('message', (order: FillOrder) => {
  for (const end = filled + order.rooms; filled < end; filled += 1) {
    fillRoom(RoomId.parse(`room-${filled}`), order.sessionsPerRoom);
  }
  globalThis.gc?.();
  process.send?.({ rooms: filled });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url, pid: process.pid });

/** One that publishes, the others watch, each with a name and an address of its own. */
function fillRoom(room: RoomId, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const kind = index === 0 ? 'publish' : 'watch';
    const subject = `person-${filled}-${index}`;
    const can = [kind] as const;
    const grant = {
      ...{ subject, room, sources: undefined, can, expiresAt },
      ...{ issuedAt: undefined, tokenId: `jti-${filled}-${index}` },
    };
    const address = `10.${(filled >> 8) & 255}.${filled & 255}.${index}`;
    sessions.openBySocket({ kind, room, source, grant, address }, { release: () => undefined });
  }
}

/** The composition keeps its parts to itself: a request that it refuses shows this one. */
async function findSessions(): Promise<Sessions> {
  const found = Promise.withResolvers<Sessions>();
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { open } = Sessions.prototype;
  Sessions.prototype.open = function (this: Sessions, request) {
    found.resolve(this);
    return open.call(this, request);
  };
  const headers = {
    authorization: `Bearer ${mint('probe', ['publish'])}`,
    'content-type': 'application/sdp',
  };
  await fetch(`${url}/whip/probe`, { method: 'POST', headers, body: 'no offer' });
  Sessions.prototype.open = open;
  return await found.promise;
}
