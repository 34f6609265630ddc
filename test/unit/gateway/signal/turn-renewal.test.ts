import { expect, test } from 'vitest';
import type { Grant } from '../../../../gateway/auth/grant.ts';
import { SignalRoom } from '../../../../gateway/signal/signal-room.ts';
import { SignalSeat } from '../../../../gateway/signal/signal-seat.ts';
import { TurnRenewal } from '../../../../gateway/signal/turn-renewal.ts';
import type { SignalEvent } from '../../../../gateway/protocol/signal/signal-events.ts';
import { PeerId } from '../../../../gateway/protocol/signal/peer.ts';
import { RoomId, SourceId } from '../../../../gateway/protocol/ids.ts';
import { waitFor } from '../../../support/wait-for.ts';

const MINUTE_MS = 60_000;
const grant: Grant = {
  ...{ subject: 'anna', room: RoomId.parse('demo'), sources: undefined, can: ['watch'] },
  ...{ expiresAt: 1e12, issuedAt: undefined, tokenId: undefined },
};

function aSeat(): { seat: SignalSeat; heard: SignalEvent[] } {
  const heard: SignalEvent[] = [];
  const place = { room: RoomId.parse('demo'), source: SourceId.parse('main') };
  const peerId = PeerId.parse('a'.repeat(16));
  const seat = new SignalSeat({
    room: new SignalRoom(place),
    member: { peerId, role: 'receiver', name: 'anna', gateway: 'here' },
    ...{ grant, resume: 'r'.repeat(22), since: 0 },
    channel: {
      isOver: false,
      send: (event) => void heard.push(event),
      dismiss: () => undefined,
    },
    pass: () => Promise.resolve(undefined),
    prove: () => Promise.resolve(undefined),
  });
  return { seat, heard };
}

test('[SIG-16] credentials are renewed in the last quarter of their life, once for each end', async () => {
  let now = 0;
  let expiresAt = 10 * MINUTE_MS;
  let asked = 0;
  const { seat, heard } = aSeat();
  const collect = () => {
    asked += 1;
    return Promise.resolve({ servers: [], expiresAt });
  };
  const renewal = new TurnRenewal({ desk: { collect }, seats: () => [seat], now: () => now });
  seat.welcome(await renewal.config(grant), now);
  now = 7 * MINUTE_MS;
  renewal.check();
  expect(asked).toBe(1);

  now = 8 * MINUTE_MS;
  expiresAt = 18 * MINUTE_MS;
  renewal.check();
  renewal.check();
  await waitFor(() => heard.length === 2, { what: 'new credentials' });
  expect(asked).toBe(2);
  expect(heard.at(-1)).toEqual({ type: 'turn-config', turnConfig: { iceServers: [], expiresAt } });

  now = 17 * MINUTE_MS;
  renewal.check();
  await waitFor(() => asked === 3, { what: 'another question' });
  expect(heard, 'the same end is no news').toHaveLength(2);
});

test('[SIG-16] what never runs out is never renewed', async () => {
  let asked = 0;
  const { seat } = aSeat();
  const collect = () => {
    asked += 1;
    return Promise.resolve({ servers: [], expiresAt: Infinity });
  };
  const renewal = new TurnRenewal({ desk: { collect }, seats: () => [seat], now: () => 1e15 });
  const config = await renewal.config(grant);
  expect(config.expiresAt).toBeNull();
  seat.welcome(config, 0);
  renewal.check();
  expect(asked).toBe(1);
});
