import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WhipSession } from '../../../host-publisher/gateway/whip-session.ts';
import { waitFor } from '../../support/wait-for.ts';

const NEVER = new AbortController().signal;
const problem = (status: number, code: string, reason?: string) => ({
  type: 'about:blank',
  title: 'x',
  status,
  code,
  detail: 'In words.',
  error: 'In words.',
  ...(reason === undefined ? {} : { reason }),
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await waitFor(() => server.listening, { what: 'the server' });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/whip/demo`;
};

const refusing = (status: number, body: object, headers: Record<string, string> = {}) =>
  serve((_, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    response.end(JSON.stringify(body));
  });

const open = (url: string, signal = NEVER) =>
  WhipSession.open({ url, token: () => 'a.b.c' }, 'v=0', signal);

describe('a WHIP session of the host', () => {
  it('is posted with its token, asked for and deleted', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      const { method = '', url: path = '', headers } = request;
      seen.push(
        `${method} ${path} ${headers.authorization ?? '-'} ${headers['content-type'] ?? '-'}`,
      );
      response.writeHead(method === 'POST' ? 201 : 200, { location: '/sessions/s1' }).end('answer');
    });
    const session = await open(url);
    expect(session.answer).toBe('answer');
    await session.check();
    await session.remove();
    expect(seen).toEqual([
      'POST /whip/demo Bearer a.b.c application/sdp',
      'GET /sessions/s1 - -',
      'DELETE /sessions/s1 Bearer a.b.c -',
    ]);
  });

  it.each([
    [401, 'token-invalid', 'refused'],
    [403, 'scope-insufficient', 'refused'],
    [409, 'source-busy', 'busy'],
    [422, 'offer-unacceptable', 'refused'],
    [429, 'rate-limited', 'gateway'],
    [503, 'node-unavailable', 'gateway'],
  ])(
    'refused with %d %s it fails as %s, in the words of the gateway',
    async (status, code, failure) => {
      const url = await refusing(status, problem(status, code), { 'retry-after': '7' });
      const retryAfterMs = ['busy', 'gateway'].includes(failure) ? 7000 : 0;
      await expect(open(url)).rejects.toMatchObject({
        code: failure,
        message: expect.stringContaining('In words.') as string,
        retryAfterMs,
      });
    },
  );

  it.each([
    ['kicked', 'ended'],
    ['replaced', 'ended'],
    ['expired', 'ended'],
    ['revoked', 'ended'],
    ['left', 'gateway'],
    ['node-lost', 'gateway'],
    [undefined, 'gateway'],
  ])('that ended as %s fails its check as %s', async (reason, failure) => {
    const url = await serve((request, response) => {
      if (request.method === 'POST') response.writeHead(201, { location: '/sessions/s1' }).end();
      else response.writeHead(404).end(JSON.stringify(problem(404, 'session-not-found', reason)));
    });
    const session = await open(url);
    await expect(session.check()).rejects.toMatchObject({ code: failure });
  });

  it('waits for no gateway that is silent once it is told to stop', async () => {
    const url = await serve(() => undefined);
    const stop = new AbortController();
    const opened = open(url, stop.signal);
    stop.abort();
    await expect(opened).rejects.toMatchObject({ code: 'gateway' });
  });
});
