import type { Request } from 'express';
import { expect, test } from 'vitest';
import type { Tokens } from '../../../../gateway/auth/tokens.ts';
import { GatewayError } from '../../../../gateway/errors.ts';
import type { SessionKind } from '../../../../gateway/protocol/session-kind.ts';
import { verified } from '../../../../gateway/http/authenticate.ts';
import { shownRight } from '../../../../gateway/http/cluster/shown-right.ts';
import { aGrant, aRoom } from '../../../support/gateway/a-gateway-core.ts';

/** Tokens that know one, which may publish in `demo`. */
function aStage() {
  const looked: string[] = [];
  const tokens = {
    verify: (token: string) => {
      looked.push(token);
      return token === 'good'
        ? Promise.resolve(aGrant({ room: aRoom('demo'), can: ['publish'] }))
        : Promise.reject(new GatewayError('token-invalid', 'no'));
    },
  } as unknown as Tokens;
  const request = (method: string, path: string, token?: string): Request =>
    ({
      ...{ method, path, query: {} },
      headersDistinct: token === undefined ? {} : { authorization: [`Bearer ${token}`] },
    }) as unknown as Request;
  const shown = (req: Request): Promise<SessionKind | undefined> =>
    shownRight(req, { tokens, tokenInQuery: false });
  return { looked, tokens, request, shown };
}

test('[CLUSTER-59] an offer with a right to it claims its room with its first question', async () => {
  const { looked, tokens, request, shown } = aStage();
  const offer = request('POST', '/whip/demo', 'good');
  expect(await shown(offer)).toBe('publish');
  await verified(offer, tokens, 'good');
  expect(looked).toEqual(['good']);
  expect(await shown(request('POST', '/whip/demo/camera', 'good'))).toBe('publish');
});

test.each([
  ['POST', '/whip/other', 'good'],
  ['POST', '/whep/demo', 'good'],
  ['POST', '/whip/demo', 'bad'],
  ['POST', '/whip/demo', undefined],
  ['POST', '/whip/demo/a/b', 'good'],
  ['POST', '/whip/%2e%2e', 'good'],
  ['GET', '/whip/demo', 'good'],
  ['POST', '/api/v1/rooms/demo', 'good'],
] as const)('[CLUSTER-59] %s %s with the token %s claims nothing', async (method, path, token) => {
  const { request, shown } = aStage();
  expect(await shown(request(method, path, token))).toBeUndefined();
});
