import { expect, test } from 'vitest';
import { DEFAULT_CONTROL_POLICY } from '../../../../gateway/control/policy.ts';
import { DEVICES } from '../../../../gateway/protocol/control-terms.ts';
import { ControlDesk } from '../../../../gateway/rooms/control/control-desk.ts';
import { Policies } from '../../../../gateway/rooms/control/policies.ts';
import { FakeViewerChannel } from '../../../support/gateway/a-host-desk.ts';
import { aGrant, aRoom, aSource } from '../../../support/gateway/a-gateway-core.ts';

test('[CTL-06] who comes back after the grace, before any timer has seen it end, is another viewer', () => {
  let nowMs = 0;
  const desk = new ControlDesk({
    place: { room: aRoom('demo'), source: aSource('main') },
    policies: new Policies(DEFAULT_CONTROL_POLICY),
    observer: { changed: () => undefined, refused: () => undefined },
    epoch: 1,
    now: () => nowMs,
    announce: () => undefined,
    released: () => undefined,
    emptied: () => undefined,
  });
  desk.setHost({ capabilities: { devices: DEVICES }, send: () => undefined });
  const enter = (resume?: string) => {
    const channel = new FakeViewerChannel();
    const grant = aGrant({ subject: 'anna' });
    const given = { grant, rank: 'viewer' as const, channel, name: 'anna', resume };
    return { member: desk.enter(given, 0), channel };
  };
  const { member, channel } = enter();
  desk.leave(member, channel, 'lost');
  nowMs += DEFAULT_CONTROL_POLICY.graceMs + 1;
  const back = enter(member.resume).member;
  expect(back.viewer).not.toBe(member.viewer);
  desk.wish(back, { type: 'control/request', id: 'w', devices: [...DEVICES] });
  expect(desk.holderOf('keyboard')).toBe(back);
  expect(desk.message().holders.keyboard?.viewer).toBe(back.viewer);
});
