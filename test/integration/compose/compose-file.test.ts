import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Settings } from '../../../gateway/config/schema.ts';
import { readHook } from '../../../gateway/media/srs/hooks.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

const compose = read('docker-compose.yml').replace(/^ *#.*$/gm, '');
/** The lines of a service, or of a block that services share. */
const blockOf = (name: string): string =>
  new RegExp(`^( *)${name}:(?: &\\S+)?\\n((?:\\1 .*\\n|\\n)+)`, 'm').exec(compose)?.[2] ?? '';
const gatewayService = blockOf('gateway');
const srsService = blockOf('srs');
/** Names with a value of their own, and names that are taken over when set. */
const interpolated = matches(compose, /\$\{([A-Z_]+)/g);
const passedOn = matches(compose, /^ +([A-Z_]+):$/gm);

/** Settings that mean nothing in compose: the container's own, the engine's, older names, files. */
const NOT_IN_COMPOSE = [
  'DATA_DIR',
  'SRS_API_URL',
  'SRS_SERVER_URL',
  'MEDIA_PORT',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'HTTP_REDIRECT_PORT',
];

describe('docker-compose.yml', () => {
  it('.env.example lists exactly the variables that it reads', () => {
    const listed = matches(read('.env.example'), /^([A-Z_]+)=/gm);
    expect(sorted(listed)).toEqual(sorted([...interpolated, ...passedOn]));
  });

  it('.env.example shows the defaults that it has', () => {
    const shown = new Map(
      [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    for (const [, name, value] of compose.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)) {
      expect(shown.get(name), name).toBe(value);
    }
  });

  it('every setting of the gateway can be given', () => {
    const given = matches(gatewayService, /^ {6}([A-Z_]+):/gm);
    const expected = Object.keys(Settings.shape).filter((name) => !NOT_IN_COMPOSE.includes(name));
    expect(sorted(given)).toEqual(sorted(expected));
  });

  it('both services get the secrets that they share', () => {
    for (const name of ['HOOK_SECRET', 'SRS_API_PASSWORD', 'SRS_API_USER']) {
      expect(gatewayService).toMatch(new RegExp(`^ {6}${name}:`, 'm'));
      expect(srsService).toMatch(new RegExp(`^ {6}${name}:`, 'm'));
    }
  });

  it('publishes pages, input and media, all on loopback unless told, and never the API of SRS', () => {
    expect(matches(compose, /^ {6}- '((?:\$\{|\d).*)'$/gm)).toEqual([
      '${HTTP_BIND:-127.0.0.1}:${HTTP_PORT:-8080}:${HTTP_PORT:-8080}',
      '${MEDIA_BIND:-127.0.0.1}:${INPUT_PORT:-8001}:${INPUT_PORT:-8001}/udp',
      '${MEDIA_BIND:-127.0.0.1}:${MEDIA_PORT:-8000}:${MEDIA_PORT:-8000}/udp',
      '${HTTP_BIND:-127.0.0.1}:${HTTP_PORT:-8080}:${HTTP_PORT:-8080}',
      '${MEDIA_BIND:-127.0.0.1}:${INPUT_PORT:-8001}:${INPUT_PORT:-8001}/udp',
      '${MEDIA_BIND:-127.0.0.1}:${SECOND_INPUT_PORT:-8004}:${SECOND_INPUT_PORT:-8004}/udp',
      '${MEDIA_BIND:-127.0.0.1}:${MEDIA_PORT:-8000}:${MEDIA_PORT:-8000}/udp',
      '${MEDIA_BIND:-127.0.0.1}:${SECOND_MEDIA_PORT:-8002}:${SECOND_MEDIA_PORT:-8002}/udp',
      '${MEDIA_BIND:-127.0.0.1}:${THIRD_MEDIA_PORT:-8003}:${THIRD_MEDIA_PORT:-8003}/udp',
      '${MEDIA_BIND:-127.0.0.1}:${TURN_PORT:-3478}:${TURN_PORT:-3478}/udp',
      '${MEDIA_BIND:-127.0.0.1}:${TURN_PORT:-3478}:${TURN_PORT:-3478}/tcp',
      '${MEDIA_BIND:-127.0.0.1}:${TURN_TLS_PORT:-5349}:${TURN_TLS_PORT:-5349}/tcp',
      '${MEDIA_BIND:-127.0.0.1}:${TURN_PORTS:-30000-30039}:${TURN_PORTS:-30000-30039}/udp',
      '127.0.0.1:${GRAFANA_PORT:-3000}:3000',
    ]);
  });

  it('has nobody look at Grafana without a password, unless asked for', () => {
    const grafana = blockOf('grafana');
    expect(grafana).toMatch(/^ {6}GF_SECURITY_ADMIN_PASSWORD: \$\{GRAFANA_PASSWORD:-\}$/m);
    expect(grafana).toMatch(/^ {6}GF_AUTH_ANONYMOUS_ENABLED: \$\{GRAFANA_ANONYMOUS:-false\}$/m);
    const script = /'(\[ -n .*)'/.exec(grafana)?.[1]?.replaceAll('$$', '$') ?? '';
    const start = (password: string) =>
      spawnSync('sh', ['-c', script.replace('/run.sh', 'true')], {
        env: { PATH: process.env['PATH'], GF_SECURITY_ADMIN_PASSWORD: password },
      });
    expect(start('').status).toBe(1);
    expect(start('a password').status).toBe(0);
  });

  it('takes privileges from every service', () => {
    for (const name of ['gateway', 'srs', 'turn', 'x-host']) {
      expect(blockOf(name), name).toMatch(/^ +<<: \*service$/m);
    }
    for (const name of ['host', 'cube']) expect(blockOf(name), name).toMatch(/^ +<<: \*host$/m);
    for (const line of ['init: true', 'read_only: true', 'cap_drop: [ALL]', 'no-new-privileges']) {
      expect(compose).toContain(line);
    }
    expect(srsService).toContain('node-secrets:/data/node:ro');
  });

  it('hosts see their tokens and no other secret, and come by profile alone', () => {
    expect(matches(blockOf('x-host'), /^ +- ([\w-]+:\/.*)$/gm)).toEqual([
      'host-tokens:/data/host:ro',
    ]);
    expect(blockOf('host')).toContain('profiles: [host]');
    expect(blockOf('cube')).toContain('profiles: [demo]');
    for (const name of ['host', 'cube']) {
      expect(blockOf(name)).not.toMatch(/volumes:|ports:|SECRET|PASSWORD/);
    }
    const rooms = /HOST_TOKENS: \$\{HOST_TOKENS:-([^}]*)\}/.exec(gatewayService)?.[1]?.split(',');
    const [, room] = /CS_ROOM: \$\{HOST_ROOM:-([^}]*)\}/.exec(blockOf('host')) ?? [];
    expect(rooms).toEqual(['demo', room]);
  });
});

describe('[FLEET-01] the cluster in docker-compose.yml', () => {
  const NODES = ['node-1', 'node-2', 'node-3'];
  const GATEWAYS = ['gateway-1', 'gateway-2'];
  const haproxy = read('gateway/cluster/balancer/haproxy.cfg').replace(/#.*$/gm, '');

  it('comes by profile alone, without privileges', () => {
    for (const name of ['balancer', 'redis', 'node-1', ...GATEWAYS]) {
      expect(blockOf(name), name).toMatch(/^ +<<: \*service$/m);
      expect(blockOf(name), name).toContain('profiles: [cluster]');
    }
    for (const name of ['node-2', 'node-3']) {
      expect(blockOf(name), name).toMatch(/^ +<<: \*cluster-node$/m);
    }
  });

  it('gateways know all nodes, one Redis, and each its own address and name', () => {
    const first = blockOf('gateway-1');
    expect(first).toContain(`SRS_NODES: ${NODES.map((node) => `http://${node}:1985`).join(',')}`);
    expect(first).toContain('REDIS_URL: redis://redis:6379');
    for (const name of GATEWAYS) {
      expect(blockOf(name)).toContain(`CLUSTER_URL: http://${name}:\${HTTP_PORT:-8080}`);
      expect(blockOf(name)).toContain(`GATEWAY_NAME: ${name}`);
      expect(haproxy).toContain(`server ${name} "${name}:\${HTTP_PORT}"`);
    }
  });

  it('[DOCKER-40] what gateways have to agree on is made once, before any of them starts', () => {
    const block = blockOf('cluster-secrets');
    expect(block).toMatch(/^ +<<: \*service$/m);
    expect(block).toContain('profiles: [cluster]');
    for (const name of GATEWAYS) {
      expect(blockOf(name)).toMatch(/depends_on: [&*]cluster-needs/);
      expect(blockOf(name)).toContain('node-secrets:/data/node');
    }
    expect(blockOf('gateway-1')).toContain('cluster-secrets: { condition: service_completed');
    const [, text = ''] = /^ {6}- \|\n((?: {8}.*\n)+)/m.exec(block) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'compose-'));
    const places = ['jwt-secret', 'node/hook-secret', 'second/jwt-secret'];
    for (const place of ['node', 'second']) mkdirSync(join(folder, place));
    const script = text
      .replaceAll('$$', '$')
      .replaceAll('/dvr/', `${folder}/second/`)
      .replaceAll('/data/', `${folder}/`);
    const run = (): string[] => {
      expect(spawnSync('sh', ['-euc', script]).status).toBe(0);
      return places.map((place) => readFileSync(join(folder, place), 'utf8'));
    };
    const [jwt = '', hook, second] = run();
    expect(jwt).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toBe(jwt);
    expect(hook).not.toBe(jwt);
    expect(run()).toEqual([jwt, hook, jwt]);
    expect(statSync(join(folder, 'jwt-secret')).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });

  it('the balancer keeps hooks and figures inside, tells the client, and looks at /readyz', () => {
    const [, clients = ''] = /^frontend clients\n((?: .*\n|\n)+)/m.exec(haproxy) ?? [];
    for (const path of ['/api/srs', '/metrics']) {
      expect(clients).toMatch(new RegExp(`deny_status 404 if \\{ path .*${path} \\}`));
    }
    expect(clients).toContain('set-header X-Forwarded-For %[src]');
    expect(clients).toContain('del-header Forwarded');
    expect(haproxy).toContain('uri /readyz');
    expect(haproxy).toContain('on-marked-down shutdown-sessions');
    expect(blockOf('node-1')).toContain('HOOKS_BASE_URL: http://balancer:8090/api/srs');
    expect(haproxy).toMatch(/^ +bind \*:8090$/m);
    expect(matches(blockOf('balancer'), /^ +- '(.*)'$/gm)).toHaveLength(1);
  });
});

describe('TURN in docker-compose.yml', () => {
  const turnService = blockOf('turn');

  it('comes by profile alone and shares its own secret with the gateway, nothing else', () => {
    expect(turnService).toContain('profiles: [turn]');
    expect(matches(turnService, /^ +- ([\w-]+:\/.*)$/gm)).toEqual(['turn-secret:/data/turn:ro']);
    expect(gatewayService).toContain('turn-secret:/data/turn\n');
    for (const service of [turnService, gatewayService]) {
      expect(service).toMatch(/^ {6}TURN_SECRET:/m);
    }
  });

  it('has relay ports below those that systems give to others', () => {
    const [, first, last] = /^TURN_PORTS=(\d+)-(\d+)$/m.exec(read('.env.example')) ?? [];
    expect(Number(first)).toBeLessThan(Number(last));
    expect(Number(last)).toBeLessThan(32_768);
  });

  it('may relay to where media servers are announced, as the settings say', () => {
    expect(turnService).toContain('TURN_PEERS: ${MEDIA_CANDIDATE:-127.0.0.1}');
    const script = read('gateway/ice/coturn/start-coturn.sh');
    const known = matches(script, /^ {2}(TURN_[A-Z_]+) /gm);
    const given = matches(turnService, /^ {6}([A-Z_]+):/gm);
    expect(given.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the images', () => {
  it.each([
    ['Dockerfile', '/data /data/node /data/host /data/turn /dvr'],
    ['srs/Dockerfile', '/data /data/node /dvr'],
    ['host-publisher/Dockerfile', '/data /data/host'],
    ['gateway/ice/coturn/Dockerfile', '/data /data/turn'],
  ])('%s runs without root and tells its health', (path, folders) => {
    const text = read(path);
    expect(text).toMatch(/^USER 1000:1000$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
    expect(text).toContain(`install -d -o 1000 -g 1000 -m 700 ${folders}\n`);
  });
});

describe('srs.conf', () => {
  const conf = read('srs/srs.conf').replace(/#.*$/gm, '');

  it('sends exactly the hooks that the gateway reads, by name and by environment', () => {
    const events = matches(conf, /^ *on_(\w+) /gm);
    const exported = matches(read('srs/start-srs.sh'), /^export SRS_VHOST_HTTP_HOOKS_ON_(\w+)=/gm);
    expect(sorted(exported)).toEqual(sorted(events.map((event) => event.toUpperCase())));
    for (const event of events) {
      const body = {
        ...{ server_id: 'a', service_id: 'b', client_id: 'c', action: `on_${event}` },
        ...{ ip: '127.0.0.1', vhost: '__defaultVhost__', app: 'demo', stream: 'main', param: '' },
      };
      expect(readHook(event, body).event).toBe(event);
      expect(conf).toContain(`/api/srs/${event};`);
    }
  });

  it.each([
    ['calls nobody', /^query_latest_version\s+off;/m],
    ['announces itself to nobody', /^heartbeat\s+\{ enabled off; \}/m],
    ['stays in the foreground', /^daemon\s+off;/m],
    ['offers no WebRTC over TCP, which would end SRS 6', /^ +protocol\s+udp;/m],
    ['makes no candidate of a host name', /^ +api_as_candidates\s+off;/m],
    ['guards its API', /^ +auth\s+\{ enabled on;/m],
    ['listens on loopback only, as written', /^ +listen\s+127\.0\.0\.1:1985;/m],
  ])('%s', (_what, pattern) => {
    expect(conf).toMatch(pattern);
  });

  it('closes every block', () => {
    expect(matches(conf, /(\{)/g)).toHaveLength(matches(conf, /(\})/g).length);
  });
});
