import { expect, onTestFinished } from 'vitest';
import { freeTcpPort } from '../net/free-port.ts';
import { waitFor } from '../wait-for.ts';
import { aController, anOwnerToken } from './a-controlled-room.ts';
import { aToken, anAdminToken } from './a-token.ts';
import type { SessionView } from './engine-gateway.ts';
import type { FakeSrs } from './fake-srs.ts';
import { SignalGateway } from './signal-gateway.ts';
import {
  anEnvironment,
  HOOK_SECRET,
  startGateway,
  type GatewayUnderTest,
} from './start-gateway.ts';
import { anOffer } from '../sdp/descriptions.ts';

/** A gateway process of a cluster, which ends after the test. */
export async function aClusterProcess(
  nodes: string,
  redisUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<SignalGateway> {
  const port = more['PORT'] ?? (await freeTcpPort());
  const url = `http://127.0.0.1:${port}`;
  const settings = { SRS_NODES: nodes, REDIS_URL: redisUrl, CLUSTER_URL: url, LOG_FORMAT: 'json' };
  const env = anEnvironment({ PORT: String(port), ...settings, ...more });
  const gateway = new SignalGateway(url, env);
  onTestFinished(async () => {
    gateway.thaw();
    await gateway.kill();
  });
  await gateway.start();
  await isReady(url);
  return gateway;
}

/** A gateway of a cluster in this process. */
export async function aClusterGateway(
  srs: FakeSrs,
  redisUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<GatewayUnderTest> {
  const port = await freeTcpPort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PORT: String(port), REDIS_URL: redisUrl, CLUSTER_URL: url, ...more };
  const { gateway } = await startGateway({ srs, env });
  await isReady(url);
  return gateway;
}

/** The hooks of a pretended SRS go to this gateway from now on. */
export function hooksTo(srs: FakeSrs, url: string): void {
  srs.hooks = { url: `${url}/api/srs`, secret: encodeURIComponent(HOOK_SECRET) };
}

/** One offer for `demo`. */
export const offer = (
  url: string,
  kind: 'publish' | 'watch',
  token = aToken(),
): Promise<Response> =>
  fetch(`${url}/${kind === 'publish' ? 'whip' : 'whep'}/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
    body: anOffer(kind === 'publish' ? 'chromium-publish' : 'chromium-watch'),
  });

/** Resolves with the URL of a session on another gateway, whichever it was opened at. */
export async function openSession(
  url: string,
  kind: 'publish' | 'watch',
  token = aToken(),
): Promise<string> {
  const reply = await waitFor(
    async () => {
      const answer = await offer(url, kind, token);
      return answer.status === 201 ? answer : undefined;
    },
    { timeoutMs: 30_000, what: `a session to ${kind}` },
  );
  return new URL(reply.headers.get('location') ?? '', url).pathname;
}

/** Control of `main` in `demo` waits a minute for whoever lost its socket: the machine may be busy. */
export async function withLongGrace(url: string): Promise<void> {
  const owner = await aController(url, { token: anOwnerToken() });
  const answer = await owner.wish('policy', { policy: { graceMs: 60_000 } });
  expect(answer).toMatchObject({ result: 'done' });
  owner.socket.socket.close(1000);
}

/** What the API of a gateway says of the sessions of all. */
export async function sessionsAt(url: string): Promise<readonly SessionView[]> {
  const headers = { authorization: `Bearer ${anAdminToken()}` };
  const reply = await fetch(`${url}/api/v1/sessions`, { headers });
  return ((await reply.json()) as { items: SessionView[] }).items;
}

/** Resolves when a gateway can serve. */
export const isReady = (url: string): Promise<true> =>
  waitFor(async () => (await fetch(`${url}/readyz`)).ok, {
    timeoutMs: 60_000,
    what: 'the gateway to be ready',
  });
