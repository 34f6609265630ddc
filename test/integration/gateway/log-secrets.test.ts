import { expect, onTestFinished, test } from 'vitest';
import { aToken, anAdminToken, JWT_SECRET } from '../../support/gateway/a-token.ts';
import { HOOK_SECRET, startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer, edit } from '../../support/sdp/descriptions.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';

const FRAGMENT = 'application/trickle-ice-sdpfrag';
const UFRAG = 'uFragOfClient';
const PASSWORD = 'passwordOfTheClient12345678';

const valuesOf = (sdp: string, name: string): string[] =>
  [...sdp.matchAll(new RegExp(`^a=${name}:(?:sha-256 )?(\\S+)`, 'gm'))].map(
    ([, value = '']) => value,
  );

/** What of a description nobody else may know. */
const credentialsOf = (sdp: string): string[] =>
  ['ice-ufrag', 'ice-pwd', 'fingerprint'].flatMap((name) => valuesOf(sdp, name));

/** Secrets that are in a log, whole or without their last characters. */
function leaked(log: string, secrets: Iterable<string>): string[] {
  return [...new Set(secrets)].filter(
    (secret) => secret !== '' && log.includes(secret.slice(0, Math.max(4, secret.length - 4))),
  );
}

type Send = (method: string, path: string, given: RequestInit) => Promise<Response>;

/** A life with every mistake in it; resolves with all secrets that were about. */
async function live(send: Send, token: string): Promise<string[]> {
  const secrets = [token, ...token.split('.').slice(1)];
  const authorization = `Bearer ${token}`;
  const publish = anOffer('chromium-publish');
  const post = async (path: string, body: string, more: Record<string, string> = {}) => {
    const headers = { authorization, 'content-type': 'application/sdp', ...more };
    const reply = await send('POST', path, { headers, body });
    const text = await reply.text();
    const location = reply.headers.get('location') ?? '';
    secrets.push(...credentialsOf(body), ...credentialsOf(text));
    if (location !== '') secrets.push(location.slice(location.lastIndexOf('/') + 1));
    return { location, etag: reply.headers.get('etag') ?? '' };
  };
  const { location, etag } = await post('/whip/demo', publish);
  await post('/whep/demo', anOffer('chromium-watch'));
  // Replaced, refused for its codec, broken, by a forged and by an old token, in the query.
  const again = await post('/whip/demo', publish);
  await post('/whip/demo/more', edit(publish, firstVideo(publish)));
  await post('/whip/demo', publish.slice(0, 400));
  const forged = `${token.slice(0, -6)}AAAAAA`;
  const old = aToken({ seconds: -600 });
  secrets.push(forged, old);
  await post('/whip/demo', publish, { authorization: `Bearer ${forged}` });
  await post('/whip/demo', publish, { authorization: `Bearer ${old}` });
  await post('/whip/demo', publish, { authorization: `Bearer Bearer ${token}` });
  await post(`/whip/demo?token=${token}`, publish);
  const fragment = `a=ice-ufrag:${UFRAG}\r\na=ice-pwd:${PASSWORD}\r\na=end-of-candidates\r\n`;
  secrets.push(UFRAG, PASSWORD);
  for (const [path, match] of [
    [again.location, again.etag],
    [again.location, '"other"'],
    [location, etag],
  ] as const) {
    const headers = { 'content-type': FRAGMENT, 'if-match': match };
    await send('PATCH', path, { headers, body: fragment });
  }
  await send('PATCH', again.location, { headers: { 'content-type': 'text/plain' }, body: 'a' });
  await send('DELETE', again.location, {});
  await send('DELETE', again.location, {});
  await send('POST', `/api/srs/publish?secret=${encodeURIComponent(HOOK_SECRET)}`, { body: '{' });
  return secrets;
}

/** An m-line of video, by which the section is lost. */
const firstVideo = (sdp: string): string => /^m=video .*$/m.exec(sdp)?.[0].trimEnd() ?? '';

test('[HOSTILE-42] no secret of a session is in the log', async () => {
  const { gateway, srs } = await startGateway();
  const send: Send = (method, path, given) =>
    fetch(new URL(path, gateway.url), { ...given, method });
  const secrets = await live(send, aToken());
  // The node refuses, answers nonsense with its own Location, and is away.
  srs.canned.push((res) => srs.refuse(res, 500, '1: no'));
  await gateway.whip('demo/a');
  srs.canned.push((res, location) => res.writeHead(201, { location }).end('v=0'));
  await gateway.whip('demo/b');
  srs.away = true;
  await gateway.whip('demo/c');
  srs.away = false;
  await gateway.json('/api/v1/sessions', anAdminToken());
  const tickets = srs.offers.map(({ url }) => new URL(url, 'http://a').searchParams.get('ticket'));
  secrets.push(...tickets.filter((ticket) => ticket !== null), HOOK_SECRET, JWT_SECRET);
  secrets.push(encodeURIComponent(HOOK_SECRET), 'node-password');
  secrets.push(Buffer.from('gateway:node-password').toString('base64'));
  expect(tickets.length).toBeGreaterThan(4);
  expect(secrets.length).toBeGreaterThan(20);
  await gateway.close();
  expect(gateway.lines.length).toBeGreaterThan(10);
  expect(leaked(JSON.stringify(gateway.lines), secrets)).toEqual([]);
});

test('[HOSTILE-42] nor in what the gateway and its engine print', async () => {
  const hookSecret = 'hook-secret-of-this-test';
  const gateway = await GatewayProcess.start({
    LOG_LEVEL: 'trace',
    PRINT_LINKS: 'no',
    HOOK_SECRET: hookSecret,
    SRS_API_PASSWORD: 'engine-password-of-this-test',
  });
  onTestFinished(async () => {
    await gateway.close();
  });
  const send: Send = (method, path, given) =>
    fetch(new URL(path, gateway.url), { ...given, method });
  const token = gateway.token({ sub: 'anna', room: 'demo', can: ['publish', 'watch'] });
  const secrets = await live(send, token);
  await gateway.close();
  expect(gateway.output).toContain('session opened');
  secrets.push(hookSecret, 'engine-password-of-this-test');
  expect(leaked(gateway.output, secrets)).toEqual([]);
}, 30_000);
