import { expect, test } from 'vitest';
import { AuditLog } from '../../../../gateway/audit/audit-log.ts';
import { createLogger } from '../../../../gateway/observability/logger.ts';
import { createAuditStream } from '../../../../gateway/observability/audit-stream.ts';
import { recordControl } from '../../../../gateway/observability/control-record.ts';
import { createMetrics, type Metrics } from '../../../../gateway/observability/metrics.ts';
import { recordPlayers } from '../../../../gateway/observability/player-record.ts';
import { recordSessions } from '../../../../gateway/observability/session-record.ts';
import { EndReason } from '../../../../gateway/protocol/end-reason.ts';
import { SessionKind } from '../../../../gateway/protocol/session-kind.ts';
import { ControlRefusal, type ViewerId } from '../../../../gateway/protocol/control.ts';
import { LeaseBegin, LeaseEnd } from '../../../../gateway/protocol/control-record.ts';
import { DiaryStep, DiaryWitness } from '../../../../gateway/protocol/diary.ts';
import { RoomId, SourceId } from '../../../../gateway/protocol/ids.ts';
import { ProblemCode } from '../../../../gateway/protocol/problem.ts';
import { Transport } from '../../../../gateway/protocol/transport.ts';
import type { Session } from '../../../../gateway/rooms/session.ts';
import { aCore, aGrant, aRoom } from '../../../support/gateway/a-gateway-core.ts';

const LOAD = 10_000;
const ROOMS = 500;
const HOSTILE = ['"} 1\n# TYPE x counter\n', '\u0000\u001b[2J', '../../etc', 'ü'.repeat(64)];

const seriesOf = async ({ registry }: Metrics): Promise<number> =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    .length;

const log = createLogger({ level: 'silent', format: 'json' });

test('[FIG-02] 10,000 steps of sessions with every outcome there is make fewer than 2,000 series', async () => {
  const metrics = createMetrics();
  const core = await aCore({ maxSessions: ROOMS });
  const sessions = recordSessions(log, metrics, core.registry);
  const players = recordPlayers(metrics.registry);
  const control = recordControl(new AuditLog(createAuditStream(log, undefined)), metrics);
  const changes = [...LeaseBegin.options, ...LeaseEnd.options, 'denied', 'policy'] as const;
  const cycle = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
  const opened: Session[] = [];
  for (let index = 0; index < ROOMS; index += 1) {
    const room = aRoom(`room-${index}`);
    const subject = `${cycle(HOSTILE, index)}${index}`;
    opened.push(await core.publish({ room, grant: aGrant({ room, subject }) }));
  }
  for (let index = 0; index < LOAD; index += 1) {
    const name = `${cycle(HOSTILE, index)}${index}`;
    const session = opened[index % ROOMS] as Session;
    sessions.opened(session);
    sessions.live(session);
    const kind = cycle(SessionKind.options, index);
    const transport = cycle(Transport.options, index >> 1);
    const code = cycle(ProblemCode.options, index >> 2);
    metrics.refusals.inc({ code });
    metrics.sessionRefusals.inc({ kind, transport, code });
    metrics.ended.inc({ kind, transport, reason: cycle(EndReason.options, index >> 2) });
    metrics.stepSeconds.observe(
      { kind, step: cycle(DiaryStep.options, index), by: cycle(DiaryWitness.options, index >> 3) },
      0.1,
    );
    players(
      {
        ...{ loss: 0, jitterMs: index, framesReceived: 1, framesDecoded: 1, framesDropped: 0 },
        ...{ decodeMs: 1, freezes: 0, freezeMs: 0, latencyMs: index },
      },
      transport,
    );
    control.changed({
      change: cycle(changes, index),
      place: { room: RoomId.parse(`room-${index}`), source: SourceId.parse('main') },
      who: { viewer: name as ViewerId, name, subject: name },
      devices: [],
      by: name,
    });
    control.refused(cycle(ControlRefusal.options, index));
    sessions.ended(session, 'client');
  }
  const page = await metrics.registry.metrics();
  expect(await seriesOf(metrics)).toBeLessThan(1_500);
  for (const name of ['room-1', 'etc', 'üü', '[2J']) expect(page).not.toContain(name);
});
