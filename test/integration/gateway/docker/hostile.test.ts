import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished, describe, expect, test } from 'vitest';
import { collect } from '../../../../gateway/cli/collect.ts';
import { DockerodeEngine } from '../../../../gateway/docker/dockerode-engine.ts';
import {
  bytesOf,
  OURS,
  recorded,
  startReplayEngine,
} from '../../../support/docker/replay-engine.ts';
import { aFolder } from '../../../support/gateway/start-gateway.ts';
import { hasOpenssl, makeCertificate } from '../../../support/tls/certificate-files.ts';

const at = (socketPath: string, callMs?: number): DockerodeEngine =>
  new DockerodeEngine({ place: { socketPath }, label: 'pixelcast.node', callMs });

describe('[DOCKER-08] an engine that is none', () => {
  test.each([
    ['text', 'hello'],
    ['nothing', ''],
    ['null', 'null'],
    ['another list', '[{"Id":7}]'],
    ['ids that are paths', '[{"Id":"../x","Names":["/a"],"Image":"i","State":"running"}]'],
  ])('that answers %s is away, and says no more', async (_, body) => {
    const replay = await startReplayEngine();
    replay.canned = (_req, res) => {
      res.end(body);
      return true;
    };
    await expect(at(replay.socketPath).list()).rejects.toMatchObject({
      code: 'docker-unavailable',
      message: 'What answers there is no Docker engine.',
    });
  });

  test('that never stops is cut off', async () => {
    const replay = await startReplayEngine();
    let written = 0;
    replay.canned = (_req, res) => {
      const block = Buffer.alloc(1024 * 1024, 'x');
      const more = (): void => {
        while (!res.destroyed && res.write(block)) written += 1;
      };
      res.on('drain', more);
      more();
      return true;
    };
    await expect(at(replay.socketPath).list()).rejects.toMatchObject({
      message: 'What answers there is no Docker engine.',
    });
    expect(written).toBeLessThan(64);
  });

  test('that hangs is away after a while, for calls and for streams', async () => {
    const replay = await startReplayEngine();
    replay.canned = () => true;
    const late = { code: 'docker-unavailable', message: 'Docker does not answer in time.' };
    const engine = at(replay.socketPath, 100);
    await expect(engine.list()).rejects.toMatchObject(late);
    await expect(engine.restart(OURS, 0)).rejects.toMatchObject(late);
    await expect(collect(engine.events(new AbortController().signal))).rejects.toMatchObject(late);
    // Nothing was done about the container: whose it is was not answered.
    expect(replay.seen.filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  test('that speaks no HTTP is away', async () => {
    const path = join(aFolder(), 'odd.sock');
    const server = createTcpServer((socket) => void socket.end('\u0000\u0001 hello\r\n\r\n'));
    server.listen(path);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    await expect(at(path).identify()).rejects.toMatchObject({ code: 'docker-unavailable' });
  });

  test('that is not there is away, with the reason', async () => {
    await expect(at(join(aFolder(), 'none.sock')).identify()).rejects.toMatchObject({
      code: 'docker-unavailable',
      message: 'There is no socket of Docker.',
    });
  });

  test('that refuses says nothing of its own to anybody', async () => {
    const replay = await startReplayEngine();
    replay.canned = (req, res) => {
      if (req.method !== 'POST') return false;
      res.writeHead(500, { 'content-type': 'application/json' });
      res.end('{"message":"driver failed: /secret/path"}');
      return true;
    };
    const error = await at(replay.socketPath)
      .restart(OURS, 1)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'docker-refused', message: 'Docker refused this (500).' });
  });
});

describe('[DOCKER-09] a log', () => {
  test('that is no log of Docker’s is refused', async () => {
    const replay = await startReplayEngine();
    replay.canned = (req, res) => {
      if (req.url?.includes('/logs') !== true) return false;
      res.end(Buffer.from([9, 9, 9, 9, 255, 255, 255, 255, 1]));
      return true;
    };
    await expect(at(replay.socketPath).logs(OURS, { tail: 5 })).rejects.toMatchObject({
      code: 'docker-unavailable',
    });
  });

  test('is followed until its reader goes', async () => {
    const replay = await startReplayEngine();
    const closed = Promise.withResolvers<undefined>();
    replay.canned = (req, res) => {
      if (req.url?.includes('follow=true') !== true) return false;
      res.on('close', () => closed.resolve(undefined));
      res.write(bytesOf(recorded('logs')));
      return true;
    };
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const { text } of at(replay.socketPath).followLogs(OURS, { tail: 9 }, stop.signal)) {
      seen.push(text);
      if (seen.length === 6) stop.abort();
    }
    expect(seen).toHaveLength(6);
    await closed.promise;
  });
});

describe.runIf(hasOpenssl())('[DOCKER-10] an engine by TLS', () => {
  test('is asked only when its certificate is of the given authority and for its name', async () => {
    const made = (name: string, names?: string) => {
      const { cert, key } = makeCertificate(name, names);
      return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    };
    const [good, other] = [made('good'), made('other')];
    const misnamed = made('misnamed', 'IP:10.9.8.7');
    const asked: string[] = [];
    const serve = async ({ cert, key }: { cert: string; key: string }): Promise<number> => {
      const server = createServer(
        { cert, key, requestCert: true, rejectUnauthorized: false, ca: good.cert },
        (req, res) => {
          asked.push(req.url ?? '');
          res.end(bytesOf(recorded('version')));
        },
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => {
        server.close();
        server.closeAllConnections();
      });
      return (server.address() as AddressInfo).port;
    };
    const identify = (port: number, ca: string) =>
      new DockerodeEngine({
        place: { host: '127.0.0.1', port, tls: { ca, cert: good.cert, key: good.key } },
        label: 'pixelcast.node',
      }).identify();
    const port = await serve(good);
    expect(await identify(port, good.cert)).toMatchObject({ api: '1.51' });
    expect(asked).toHaveLength(2);
    await expect(identify(port, other.cert)).rejects.toMatchObject({
      code: 'docker-unavailable',
      message: expect.stringContaining('not of the given authority') as string,
    });
    await expect(identify(await serve(misnamed), misnamed.cert)).rejects.toMatchObject({
      message: 'The certificate of the Docker engine is for another name.',
    });
    expect(asked).toHaveLength(2);
  });

  test('and nothing of DOCKER_HOST leads elsewhere', async () => {
    const replay = await startReplayEngine();
    const before = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'tcp://192.0.2.1:2376';
    process.env['DOCKER_PATH_PREFIX'] = '/elsewhere/';
    onTestFinished(() => {
      if (before === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = before;
      delete process.env['DOCKER_PATH_PREFIX'];
    });
    expect(await at(replay.socketPath).identify()).toMatchObject({ api: '1.51' });
  });
});
