import { describe, expect, test } from 'vitest';
import { createLogger } from '../../../gateway/observability/logger.ts';
import { createMetrics } from '../../../gateway/observability/metrics.ts';
import { recordSessions } from '../../../gateway/observability/session-record.ts';
import { aCore, aGrant, aRoom } from '../../support/gateway/a-gateway-core.ts';

function aLog() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { lines, log: createLogger({ level: 'debug', format: 'json', destination }) };
}

describe('the log', () => {
  const NAMES = [
    'authorization',
    'token',
    'secret',
    'password',
    'location',
    'ticket',
    'sdp',
    'offer',
    'answer',
    'cookie',
  ];

  test.each(NAMES)('hides %s at the top, and two levels down', (name) => {
    const { lines, log } = aLog();
    const value = `the value of ${name}`;
    log.info({ [name]: value }, 'one');
    log.info({ request: { [name]: value } }, 'two');
    log.info({ request: { body: { [name]: value } } }, 'three');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(value);
    expect(lines.join('')).toContain('***');
  });

  test('hides the headers of a request', () => {
    const { lines, log } = aLog();
    log.info({ headers: { authorization: 'Bearer x.y.z', cookie: 'a=b' } }, 'in');
    log.info({ req: { headers: { authorization: 'Bearer x.y.z' } } }, 'in');
    expect(lines.join('')).not.toMatch(/x\.y\.z|a=b/);
  });

  test('[HOSTILE-42] has one line for one event, whatever a client put into it', () => {
    const { lines, log } = aLog();
    log.info({ subject: 'a\n{"level":50,"msg":"forged"}\u001b[31m' }, 'session opened');
    expect(lines).toHaveLength(1);
    for (const raw of ['\n', '\u001b']) expect(lines[0]?.trimEnd()).not.toContain(raw);
  });
});

test('500 rooms create no series', async () => {
  const { log } = aLog();
  const metrics = createMetrics();
  const core = await aCore({ maxSessions: 1000 });
  const record = recordSessions(log, metrics, core.registry);
  const series = async () => (await metrics.registry.metrics()).match(/^pixelcast_/gm)?.length;
  const live = async (name: string) => {
    const room = aRoom(name);
    const session = await core.publish({ room, grant: aGrant({ room, subject: name }) });
    record.opened(session);
    record.live(session);
    record.ended(session, 'client');
  };
  await live('first');
  const before = await series();
  for (let index = 0; index < 500; index += 1) await live(`room-${index}`);
  expect(await series()).toBe(before);
  expect(await metrics.registry.metrics()).not.toContain('room-1');
});
