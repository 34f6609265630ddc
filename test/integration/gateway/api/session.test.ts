import { expect, test } from 'vitest';
import { createApi } from '../../../../gateway/protocol/api/client.ts';
import { getSession, listSessions } from '../../../../gateway/protocol/api/sessions.ts';
import type { SessionId } from '../../../../gateway/protocol/ids.ts';
import { anAdminToken, aToken } from '../../../support/gateway/a-token.ts';
import { problemOf, startGateway } from '../../../support/gateway/start-gateway.ts';
import { aViewer } from '../../../support/gateway/test-socket.ts';
import { waitFor } from '../../../support/wait-for.ts';

const REPORT = {
  ...{ loss: 0.25, jitterMs: 5, framesReceived: 60, framesDecoded: 59, framesDropped: 1 },
  ...{ decodeMs: 3, freezes: 2, freezeMs: 700, latencyMs: 120 },
};

/** Anna publishes and Ben watches; `secret` is the last segment of Ben's session URL. */
async function aRoom() {
  const { gateway } = await startGateway();
  await gateway.whip('demo', { token: aToken({ sub: 'anna' }) });
  const reply = await gateway.whep('demo', { token: aToken({ sub: 'ben' }) });
  const secret = (reply.headers.get('location') ?? '').split('/').at(-1) ?? '';
  const api = createApi({
    ...{ baseUrl: gateway.url.replace(/\/$/, ''), fetch, token: anAdminToken() },
  });
  const idOf = async (subject: string): Promise<SessionId> => {
    const { items } = await api.call(listSessions, { query: { subject } });
    return items[0]?.id ?? expect.fail();
  };
  return { gateway, api, secret, idOf };
}

test('[API-15] a session is told as in the list, with what its player measured last', async () => {
  const { gateway, api, secret, idOf } = await aRoom();
  const id = await idOf('ben');
  const [listed] = (await api.call(listSessions, { query: { subject: 'ben' } })).items;
  expect(await api.call(getSession, { params: { id } })).toEqual({ ...listed, quality: null });
  expect(listed).toMatchObject({ id, kind: 'watch', room: 'demo', source: 'main', subject: 'ben' });

  const viewer = await aViewer(gateway.url, { session: secret });
  for (const loss of [0.5, REPORT.loss]) {
    viewer.say({ type: 'viewer/report', report: { ...REPORT, loss } });
  }
  const { quality } = await waitFor(
    async () => {
      const told = await api.call(getSession, { params: { id } });
      return told.quality?.loss === REPORT.loss ? told : null;
    },
    { timeoutMs: 15_000, what: 'the newest report' },
  );
  const { ageMs, ...report } = quality ?? expect.fail();
  expect(report).toEqual(REPORT);
  expect(ageMs).toSatisfy((age: number) => Number.isInteger(age) && age >= 0);
});

test('[API-15] what publishes has no player', async () => {
  const { api, idOf } = await aRoom();
  const told = await api.call(getSession, { params: { id: await idOf('anna') } });
  expect(told).toMatchObject({ kind: 'publish', quality: null });
});

test('[API-15] it is for whoever steers its room, and its secret for nobody', async () => {
  const { gateway, secret, idOf } = await aRoom();
  const path = `/api/v1/sessions/${await idOf('ben')}`;
  const status = async (token: string | null, of = path) => {
    const reply = await gateway.request('GET', of, { token });
    const text = await reply.text();
    expect(text).not.toContain(secret);
    return reply.status;
  };
  expect(await status(aToken({ can: ['operate'] }))).toBe(200);
  expect(await status(aToken({ room: 'other', can: ['operate'] }))).toBe(404);
  expect(await status(aToken())).toBe(403);
  expect(await status(null)).toBe(401);
  expect(await status(anAdminToken(), `/api/v1/sessions/${secret}`)).not.toBe(200);
});

test('[API-15] one that is over, or that never was, is 404 and says so', async () => {
  const { gateway, idOf } = await aRoom();
  const path = `/api/v1/sessions/${await idOf('ben')}`;
  const token = anAdminToken();
  expect((await gateway.request('DELETE', path, { token })).status).toBe(204);
  for (const gone of [path, path.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))]) {
    const reply = await gateway.request('GET', gone, { token });
    expect(reply.status).toBe(404);
    expect(await problemOf(reply)).toMatchObject({ code: 'session-not-found' });
  }
});
