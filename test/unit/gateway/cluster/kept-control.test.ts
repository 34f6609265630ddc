import { describe, expect, test } from 'vitest';
import { controlField } from '../../../../gateway/cluster/kept-names.ts';
import { readRoom } from '../../../../gateway/cluster/kept-wire.ts';
import { RoomEpochs } from '../../../../gateway/cluster/room-epochs.ts';
import { DEFAULT_CONTROL_POLICY } from '../../../../gateway/control/policy.ts';
import type { HostCommand } from '../../../../gateway/protocol/host.ts';
import { DEVICES } from '../../../../gateway/protocol/control-terms.ts';
import { ControlDesk } from '../../../../gateway/rooms/control/control-desk.ts';
import type { Member } from '../../../../gateway/rooms/control/member.ts';
import { Policies } from '../../../../gateway/rooms/control/policies.ts';
import { FakeViewerChannel } from '../../../support/gateway/a-host-desk.ts';
import { aGrant, aRoom, aSource } from '../../../support/gateway/a-gateway-core.ts';

const place = { room: aRoom('demo'), source: aSource('main') };

/** The control of a source at one gateway. */
class Desk {
  nowMs = 0;
  changes = 0;
  readonly told: HostCommand[] = [];
  readonly desk: ControlDesk;

  constructor(epoch: number, policies = new Policies(DEFAULT_CONTROL_POLICY)) {
    this.desk = new ControlDesk({
      ...{ place, policies, epoch },
      observer: { changed: () => undefined, refused: () => undefined },
      now: () => this.nowMs,
      announce: () => undefined,
      released: () => undefined,
      emptied: () => undefined,
      changed: () => void (this.changes += 1),
    });
    this.desk.setHost({
      capabilities: { devices: DEVICES },
      send: (command) => void this.told.push(command),
    });
  }

  enter(subject: string, resume?: string): { member: Member; channel: FakeViewerChannel } {
    const channel = new FakeViewerChannel();
    const grant = aGrant({ subject });
    const given = { grant, rank: 'viewer' as const, channel, name: subject, resume };
    return { member: this.desk.enter(given, 0), channel };
  }

  ask(member: Member): void {
    this.desk.wish(member, { type: 'control/request', id: 'w', devices: [...DEVICES] });
  }

  /** Goes on where another was, with what that one wrote. */
  adopt(from: Desk): void {
    const text = JSON.stringify(from.desk.kept());
    const [kept] = readRoom([controlField(place.source), text]).controls;
    if (kept === undefined) throw new Error('it could not be read');
    this.desk.adopt(kept);
  }
}

describe('control that goes on at another gateway', () => {
  test('[ADOPT-05] waits for its holder, who has it again as soon as it comes, in an epoch above all before', () => {
    const one = new Desk(100);
    const anna = one.enter('anna').member;
    const ben = one.enter('ben').member;
    one.ask(anna);
    one.ask(ben);
    const before = one.desk.message();
    const two = new Desk(1);
    two.adopt(one);
    expect(two.desk.message()).toMatchObject({
      holders: { keyboard: { viewer: anna.viewer, absent: true } },
      queue: [{ viewer: ben.viewer }],
    });
    const cleo = two.enter('cleo').member;
    two.ask(cleo);
    expect(two.desk.holderOf('keyboard')).toBeNull();
    const again = two.enter('anna', anna.resume).member;
    expect(again.viewer).toBe(anna.viewer);
    const after = two.desk.message();
    expect(after.holders.keyboard).toMatchObject({ viewer: anna.viewer, absent: false });
    expect(after.holders.keyboard?.epoch).toBeGreaterThan(before.holders.keyboard?.epoch ?? 0);
    expect(two.told.at(-1)).toMatchObject({
      leases: { keyboard: after.holders.keyboard?.epoch },
    });
  });

  test('[ADOPT-05] who does not come back within the grace has lost it to whoever waits and is there', () => {
    const one = new Desk(100);
    const anna = one.enter('anna').member;
    const ben = one.enter('ben').member;
    one.ask(anna);
    one.ask(ben);
    const two = new Desk(1);
    two.adopt(one);
    const back = two.enter('ben', ben.resume).member;
    two.nowMs += DEFAULT_CONTROL_POLICY.graceMs + 1;
    two.enter('cleo');
    expect(two.desk.holderOf('keyboard')).toBe(back);
  });

  test('[ADOPT-05] somebody else with that secret is somebody else', () => {
    const one = new Desk(100);
    const anna = one.enter('anna').member;
    one.ask(anna);
    const two = new Desk(1);
    two.adopt(one);
    expect(two.enter('mallory', anna.resume).member.viewer).not.toBe(anna.viewer);
  });

  test('[ADOPT-05] of those who only watch nothing is kept', () => {
    const one = new Desk(100);
    one.enter('anna');
    expect(one.desk.kept()).toBeNull();
  });

  test('[ADOPT-06] at the gateway before nothing counts any more, and its host has let go', () => {
    const one = new Desk(100);
    const { member, channel } = one.enter('anna');
    one.ask(member);
    const epoch = one.desk.message().holders.keyboard?.epoch ?? 0;
    expect(one.desk.mayUse(member, 'keyboard', epoch)).toBe(true);
    one.desk.handOver();
    expect(one.desk.mayUse(member, 'keyboard', epoch)).toBe(false);
    expect(one.told.at(-1)).toMatchObject({ leases: { keyboard: null } });
    const { changes } = one;
    one.desk.leave(member, channel, 'revoked');
    one.ask(member);
    expect(one.changes).toBe(changes);
  });

  test('[ADOPT-05] each change is noted, but not every frame', () => {
    const one = new Desk(100);
    const { member } = one.enter('anna');
    one.ask(member);
    const { changes } = one;
    one.nowMs += 1_000;
    one.desk.used(member);
    expect(one.changes).toBe(changes);
    one.desk.wish(member, { type: 'control/release', id: 'w' });
    expect(one.changes).toBe(changes + 1);
  });
});

test('[ADOPT-06] epochs of a later term are above all of an earlier one, and above those of a gateway alone', () => {
  const [one, two] = [new RoomEpochs(), new RoomEpochs()];
  const { room } = place;
  const alone = one.first(room);
  one.begin(room, 1);
  expect(one.first(room)).toBeGreaterThan(alone);
  one.note(room, one.first(room) + 4_000_000);
  two.begin(room, 2);
  expect(two.first(room)).toBeGreaterThan(one.first(room));
  two.begin(room, 2 ** 30);
  expect(Number.isSafeInteger(two.first(room) + 2 ** 22)).toBe(true);
  expect(alone).toBeGreaterThanOrEqual(1_700_000_000_000);
});
