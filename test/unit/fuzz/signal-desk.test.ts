import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Grant } from '../../../gateway/auth/grant.ts';
import { RoomId, SourceId } from '../../../gateway/protocol/ids.ts';
import { CandidateInit } from '../../../gateway/protocol/signal/description.ts';
import { PeerId, PeerRole } from '../../../gateway/protocol/signal/peer.ts';
import type { SignalEvent } from '../../../gateway/protocol/signal/signal-events.ts';
import { toCandidate, toMinimal } from '../../../gateway/signal/candidate-form.ts';
import { COUNTERPARTS } from '../../../gateway/signal/roles.ts';
import { SignalDesk } from '../../../gateway/signal/signal-desk.ts';
import { SignalSeat } from '../../../gateway/signal/signal-seat.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { ExchangeHub } from '../../support/gateway/exchange-hub.ts';

const ROLES = PeerRole.options;

/** A peer as its page sees it: whom it believes to be there. */
class ModelPeer {
  readonly role: PeerRole;
  readonly believed = new Set<string>();
  readonly heardFrom = new Set<string>();
  seat: SignalSeat | null = null;
  isOver = false;

  constructor(role: PeerRole) {
    this.role = role;
  }

  hear(event: SignalEvent): void {
    if (event.type === 'registered')
      for (const { peerId } of event.peers) this.believed.add(peerId);
    else if (event.type === 'peer-connected') this.believed.add(event.peerId);
    else if (event.type === 'peer-disconnected') this.believed.delete(event.peerId);
    else if ('from' in event) this.heardFrom.add(event.from);
  }
}

const grantOf = (subject: string): Grant => ({
  ...{ subject, room: RoomId.parse('demo'), sources: undefined, can: ['admin'] },
  ...{ expiresAt: Infinity, issuedAt: undefined, tokenId: undefined },
});

const step = fc.oneof(
  fc.record({
    act: fc.constant('register' as const),
    desk: fc.nat(1),
    role: fc.constantFrom(...ROLES),
    who: fc.nat(3),
  }),
  fc.record({ act: fc.constant('leave' as const), which: fc.nat(20) }),
  fc.record({ act: fc.constant('say' as const), which: fc.nat(20), to: fc.nat(20) }),
);

test('[SIG-07] [SIG-09] [SIG-13] whoever comes and goes at two gateways, everybody believes what is so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const hub = new ExchangeHub();
      const desks = ['one', 'two'].map((name) => {
        const exchange = hub.join(name);
        const desk = new SignalDesk({
          exchange,
          observer: {
            registered: () => undefined,
            parted: () => undefined,
            passed: () => undefined,
          },
          turnConfig: () => Promise.resolve({ iceServers: [], expiresAt: null }),
          viewerOf: () => undefined,
          now: () => 0,
        });
        exchange.start(desk);
        return desk;
      });
      const present: ModelPeer[] = [];
      const end = (peer: ModelPeer, reason: 'left' | null): void => {
        peer.isOver = true;
        present.splice(present.indexOf(peer), 1);
        if (peer.seat !== null) for (const desk of desks) desk.release(peer.seat, reason);
      };
      for (const each of steps) {
        if (each.act === 'register') {
          const peer = new ModelPeer(each.role);
          const registered = await desks[each.desk]?.register(
            {
              ...{ type: 'register', room: RoomId.parse('demo'), source: SourceId.parse('main') },
              ...{ role: each.role, resume: 'r'.repeat(22) },
            },
            grantOf(`${each.role}-${each.who}`),
            {
              get isOver() {
                return peer.isOver;
              },
              send: (event) => peer.hear(event),
              dismiss: () => end(peer, null),
            },
          );
          if (!(registered instanceof SignalSeat)) continue;
          peer.seat = registered;
          present.push(peer);
        } else {
          const peer = present[each.which % Math.max(1, present.length)];
          if (peer === undefined) continue;
          if (each.act === 'leave') end(peer, 'left');
          else {
            const to = present[each.to % present.length]?.seat?.member.peerId;
            if (to !== undefined) await peer.seat?.take({ type: 'bye', to });
          }
        }
        for (const peer of present) {
          const counterparts = present.filter(({ role }) => role === COUNTERPARTS[peer.role]);
          const ids = counterparts.map(({ seat }) => seat?.member.peerId);
          expect([...peer.believed].toSorted()).toEqual(ids.toSorted());
        }
        for (const role of ['sender', 'host'] as const) {
          expect(present.filter((peer) => peer.role === role).length).toBeLessThan(2);
        }
      }
      for (const peer of [...present]) end(peer, 'left');
      expect(desks.map(({ size, roomCount }) => [size, roomCount])).toEqual([
        [0, 0],
        [0, 0],
      ]);
      expect(hub.size).toBe(0);
    }),
    runs(300),
  );
});

test('[SIG-05] a candidate is the same after the minimal form, which browsers take', () => {
  const from = PeerId.parse('a'.repeat(16));
  const candidates = fc.record({
    candidate: fc.constantFrom('', 'candidate:1 1 udp 1 192.0.2.1 5 typ host'),
    sdpMLineIndex: fc.nat(255),
    sdpMid: fc.constantFrom('0', 'video'),
  });
  fc.assert(
    fc.property(candidates, (candidate) => {
      const there = toMinimal({ type: 'ice-candidate', candidate, from });
      const back = toCandidate(there);
      expect(back.candidate).toEqual(candidate);
      expect(CandidateInit.parse(back.candidate)).toEqual(candidate);
    }),
  );
  expect(toMinimal({ type: 'ice-candidate', candidate: null, from })).toMatchObject({
    candidate: '',
    sdpMLineIndex: 0,
  });
});
