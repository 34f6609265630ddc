import { describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../../../gateway/protocol/api/all.ts';
import { fillPath } from '../../../../gateway/protocol/api/fill-path.ts';
import type { Access, OperationTable } from '../../../../gateway/protocol/api/operation.ts';
import { aToken } from '../../../support/gateway/a-token.ts';
import { problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';

/** Addresses that are their own right, and figures that this machine may read. */
const guarded = OPERATIONS.filter(({ access, path }) => access !== 'open' && path !== '/metrics');

const names: Readonly<Record<string, string>> = { room: 'demo', source: 'main' };
const params = new Proxy(names, { get: (known, name: string) => known[name] ?? 'x' });

const hasRoom = ({ path }: OperationTable): boolean => path.includes(':room');

/** Who must be refused at an access level: rights in its room, or all rights in another. */
function strangers(
  operation: OperationTable,
): [who: string, token: string | null, status: number][] {
  const levels: Access[] = ['look', 'watch', 'publish', 'host', 'operate', 'admin'];
  const { access } = operation;
  const refused: [string, string | null, number][] = [['nobody', null, 401]];
  const isMore = levels.includes(access) && levels.indexOf(access) > levels.indexOf('publish');
  if (isMore || access === 'global-admin') {
    refused.push(['a viewer', aToken({ can: ['watch'] }), 403]);
    refused.push(['a presenter', aToken({ can: ['publish', 'watch', 'control'] }), 403]);
  }
  if (access === 'admin' || access === 'global-admin') {
    refused.push(['an operator', aToken({ can: ['operate'] }), 403]);
  }
  if (access === 'global-admin')
    refused.push(['an admin of one room', aToken({ can: ['admin'] }), 403]);
  if (hasRoom(operation)) {
    refused.push(['the admin of another room', aToken({ room: 'other', can: ['admin'] }), 403]);
  }
  return refused;
}

describe('[API-05] without the right', () => {
  test.each(guarded.map((operation) => [operation.id, operation] as const))(
    '%s is refused before anything of it is read',
    async (_, operation) => {
      const { gateway } = await startGateway();
      for (const [who, token, status] of strangers(operation)) {
        const reply = await gateway.request(
          operation.method,
          fillPath(operation.path, params),
          // What is wrong with the body would be told to whoever has the right alone.
          operation.body === undefined
            ? { token }
            : { token, body: '{', headers: { 'content-type': 'application/json' } },
        );
        expect(reply.status, who).toBe(status);
        expect((await problemOf(reply))['code'], who).toBe(
          status === 401 ? 'token-missing' : 'scope-insufficient',
        );
      }
    },
  );
});
