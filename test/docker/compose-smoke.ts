/**
 * `npm run test:docker`: builds and runs docker-compose.yml on a real Docker engine, sends real media
 * through it, ends SRS by force, restarts the gateway and takes everything away again. It uses a
 * project name and ports of its own, so it may run beside a PixelCast that is in use. With `-- cluster`
 * the profile of that name alone.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { freeTcpPort, freeUdpPort } from '../support/net/free-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { testCluster } from './cluster-smoke.ts';
import { ComposeProject, docker } from './compose-project.ts';
import { checkCube, checkDesktop, DESKTOP_COMMAND } from './host-check.ts';
import { tokensOf } from './link-tokens.ts';
import { checkMedia } from './media-check.ts';
import { say, step } from './steps.ts';

/** Ends every process of that name in a container; PID 1 is Docker's init and stays. */
const KILL_SRS =
  'for p in /proc/[0-9]*; do [ "$(cat "$p/comm")" = srs ] && kill -9 "${p#/proc/}"; done';
const OFFER = new URL('../support/sdp/offers/chromium-publish.sdp', import.meta.url);
const CAPABILITIES = 'grep CapEff /proc/self/status';

if (!(await engineAnswers())) process.exit(2);
const http = await freeTcpPort();
const media = await freeUdpPort();
const input = await freeUdpPort();
const url = `http://127.0.0.1:${http}`;
const candidate = `127.0.0.1 ${media}`;
const [second, third] = [await freeUdpPort(), await freeUdpPort()];
const project = new ComposeProject(`pixelcast-smoke-${randomBytes(3).toString('hex')}`, {
  http,
  media,
  input,
  settings: {
    DESKTOP_COMMAND,
    SECOND_MEDIA_PORT: String(second),
    THIRD_MEDIA_PORT: String(third),
    SECOND_INPUT_PORT: String(await freeUdpPort()),
  },
});

let failed = false;
try {
  if (!process.argv.includes('cluster')) {
    await testCompose();
    await project.compose('rm', '--stop', '--force', 'gateway', 'srs');
  }
  await testCluster(project, url, { 'node-1': media, 'node-2': second, 'node-3': third });
} catch (error) {
  failed = true;
  say(`FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  say(await project.compose('--profile', '*', 'logs', '--tail', '60').catch(String));
} finally {
  await step('docker compose down -v leaves nothing', async () => {
    await project.remove();
    assert.deepEqual(await project.leftovers(), []);
  });
}
process.exit(failed ? 1 : 0);

async function testCompose(): Promise<void> {
  await step('docker compose build', () => project.compose('--profile', '*', 'build'));
  await step('image sizes', imageSizes);
  await step('docker compose up --wait', () => project.compose('up', '--detach', '--wait'));
  await step('/readyz is 200', () => untilReady(url));
  await step('the pages are served', async () => {
    const page = await fetch(`${url}/`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  });
  await step('only the three ports of the settings are published, on loopback', publishedPorts);
  await step('no root, no capabilities, nothing writable', isolation);
  const tokens = await step('npm run links gives links', async () =>
    tokensOf(await project.exec('gateway', 'npm', 'run', '--silent', 'links'), url),
  );
  const send = (room: string) => checkMedia({ url, room, candidate, ...tokens });
  await step('the cube of the demo profile turns, and its agent comes back', async () =>
    checkCube(project, await watchLink('demo')),
  );
  await step('the desktop of the host profile is seen and heard, and stops', async () =>
    checkDesktop(project, await watchLink('desktop')),
  );
  await project.compose('rm', '--stop', '--force', 'cube', 'host');
  await step('media through SRS', () => send('demo'));
  await step('SRS refuses whoever comes without the gateway', refusals);
  await step('SRS is killed, comes back, the gateway is ready again', killSrs);
  await step('media after the crash', () => send('demo'));
  await step('the gateway restarts and knows its tokens', async () => {
    await project.compose('restart', 'gateway');
    await untilReady(url);
    return await send('demo');
  });
  await step('secrets and tokens are not in the log', async () => {
    const log = await project.compose('logs', '--no-color');
    const secrets = await project.exec(
      'gateway',
      'cat',
      '/data/jwt-secret',
      '/data/node/srs-api-password',
      '/data/host/demo.token',
    );
    for (const secret of [...secrets.split('\n'), tokens.publishToken, tokens.watchToken]) {
      assert.ok(secret.length > 30 && !log.includes(secret), 'a secret stands in the log');
    }
  });
  await step('the image alone runs the embedded engine', engineAlone);
}

async function engineAnswers(): Promise<boolean> {
  try {
    const engine = await docker('version', '--format', '{{.Server.Version}}');
    const compose = await docker('compose', 'version', '--short');
    say(`Docker engine ${engine}, compose ${compose}`);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`No Docker engine with compose answers here, so there is nothing to test with.\n${why}`);
    return false;
  }
}

async function imageSizes(): Promise<string> {
  const sizes = await Promise.all(
    ['gateway', 'srs', 'host'].map(async (service) => {
      const image = project.imageOf(service);
      const bytes = Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
      return `${service} ${Math.round(bytes / 1e6)} MB`;
    }),
  );
  return sizes.join(', ');
}

async function untilReady(base: string): Promise<void> {
  await waitFor(async () => (await fetch(`${base}/readyz`)).status === 200, {
    timeoutMs: 60_000,
    everyMs: 100,
    what: `${base}/readyz`,
  });
}

async function publishedPorts(): Promise<void> {
  const bound = async (service: string): Promise<Record<string, unknown>> => {
    const ports = JSON.parse(
      await project.inspect(service, '{{json .NetworkSettings.Ports}}'),
    ) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(ports).filter(([, hosts]) => hosts !== null));
  };
  assert.deepEqual(await bound('gateway'), {
    [`${http}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(http) }],
    [`${input}/udp`]: [{ HostIp: '127.0.0.1', HostPort: String(input) }],
  });
  assert.deepEqual(await bound('srs'), {
    [`${media}/udp`]: [{ HostIp: '127.0.0.1', HostPort: String(media) }],
  });
}

async function isolation(): Promise<void> {
  for (const service of ['gateway', 'srs']) {
    assert.equal(await project.exec(service, 'id', '-u'), '1000', `${service}: user`);
    assert.match(await project.exec(service, 'sh', '-c', CAPABILITIES), /0{16}$/, service);
    await assert.rejects(project.exec(service, 'touch', '/usr/new'), /Read-only file system/);
  }
  await assert.rejects(project.exec('srs', 'touch', '/data/node/new'), /Read-only file system/);
}

async function watchLink(room: string): Promise<string> {
  const links = await project.exec('gateway', 'npm', 'run', '--silent', 'links', room);
  const [, link] = /^ *Watch it +(\S+)$/m.exec(links) ?? [];
  assert.ok(link !== undefined, links);
  return link;
}

/** Asked from the gateway's container: nobody else reaches SRS's API. */
async function refusals(): Promise<void> {
  const ask = (address: string, init: RequestInit = {}): Promise<string> => {
    const script = `fetch(${JSON.stringify(address)}, ${JSON.stringify(init)}).then(
      async (res) => console.log(res.status, await res.text()),
      (error) => console.log(error.cause?.code),
    )`;
    return project.exec('gateway', 'node', '-e', script);
  };
  assert.match(await ask('http://srs:1985/api/v1/clients/'), /^401/);
  const body = readFileSync(OFFER, 'utf8');
  const direct = await ask('http://srs:1985/rtc/v1/whip/?app=demo&stream=direct', {
    method: 'POST',
    body,
  });
  // SRS 6 hangs up, later ones say 401.
  assert.match(direct, /^(UND_ERR_SOCKET|401)/);
  const metrics = await ask(`http://127.0.0.1:${http}/metrics`);
  assert.match(metrics, /pixelcast_hooks_total\{event="publish",result="deny"\} 1\b/);
}

async function killSrs(): Promise<string> {
  // The container may be gone before the command can say how it went.
  await project.exec('srs', 'sh', '-c', KILL_SRS).catch(() => undefined);
  const killedAt = performance.now();
  const since = (): string => `${((performance.now() - killedAt) / 1000).toFixed(1)} s`;
  // SRS may be back before the gateway has been asked in vain.
  await waitFor(async () => (await project.inspect('srs', '{{.RestartCount}}')) === '1', {
    timeoutMs: 60_000,
    everyMs: 100,
    what: 'the restart of SRS',
  });
  await waitFor(async () => (await project.compose('logs', 'gateway')).includes('node restarted'), {
    timeoutMs: 10_000,
    what: 'the gateway to notice',
  });
  await untilReady(url);
  return `ready ${since()} after the kill`;
}

async function engineAlone(): Promise<string> {
  const name = `${project.name}-alone`;
  const [port, udp] = [await freeTcpPort(), await freeUdpPort()];
  const mapped = [`127.0.0.1:${port}:${port}`, `127.0.0.1:${udp}:${udp}/udp`];
  const settings = [`PORT=${port}`, `MEDIA_PORT=${udp}`, 'MEDIA_CANDIDATE=127.0.0.1'];
  await docker(
    ...['run', '--detach', '--rm', '--init', '--name', name, '--read-only', '--cap-drop', 'ALL'],
    ...['--tmpfs', '/tmp', '--tmpfs', '/data:uid=1000,mode=700'],
    ...mapped.flatMap((ports) => ['--publish', ports]),
    ...settings.flatMap((setting) => ['--env', setting]),
    project.imageOf('gateway'),
  );
  try {
    const base = `http://127.0.0.1:${port}`;
    await untilReady(base);
    const script = `import { Tokens } from '/app/gateway/auth/tokens.ts'; import { hmacKey } from '/app/gateway/auth/keys.ts'; import { readFileSync } from 'node:fs'; const tokens = new Tokens(hmacKey(readFileSync('/data/jwt-secret', 'utf8').trim())); console.log(tokens.mint({ sub: 'smoke', room: 'demo', can: ['publish', 'watch'], exp: Math.floor(Date.now() / 1000) + 600 }));`;
    const token = await docker('exec', name, 'node', '--input-type=module', '-e', script);
    return await checkMedia({
      url: base,
      room: 'demo',
      publishToken: token,
      watchToken: token,
      candidate: `127.0.0.1 ${udp}`,
    });
  } finally {
    await docker('stop', name);
  }
}
