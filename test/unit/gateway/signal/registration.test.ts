import { expect, test } from 'vitest';
import type { Grant } from '../../../../gateway/auth/grant.ts';
import type { ViewerId } from '../../../../gateway/protocol/control.ts';
import { RoomId, SourceId } from '../../../../gateway/protocol/ids.ts';
import type { SignalEvent } from '../../../../gateway/protocol/signal/signal-events.ts';
import { LoneExchange } from '../../../../gateway/signal/lone-exchange.ts';
import { SignalDesk, type Registration } from '../../../../gateway/signal/signal-desk.ts';
import { SignalSeat } from '../../../../gateway/signal/signal-seat.ts';
import { waitFor } from '../../../support/wait-for.ts';

const grant: Grant = {
  ...{ subject: 'anna', room: RoomId.parse('demo'), sources: undefined, can: ['watch'] },
  ...{ expiresAt: 1e12, issuedAt: undefined, tokenId: undefined },
};
const wish: Registration = {
  ...{ type: 'register', role: 'client', control: 'c'.repeat(22) },
  ...{ room: RoomId.parse('demo'), source: SourceId.parse('main') },
};

function aDesk(viewerOf: () => Promise<ViewerId | undefined>): SignalDesk {
  return new SignalDesk({
    exchange: new LoneExchange(),
    observer: { registered: () => undefined, parted: () => undefined, passed: () => undefined },
    turnConfig: () => Promise.resolve({ iceServers: [], expiresAt: null }),
    ...{ viewerOf, now: () => 0 },
  });
}

test('[SIG-17] a peer is one as soon as it hears so, while another gateway is asked whose control session it has', async () => {
  const asked = Promise.withResolvers<undefined>();
  const heard: SignalEvent[] = [];
  const channel = {
    isOver: false,
    send: (event: SignalEvent) => void heard.push(event),
    dismiss: () => undefined,
  };
  const seat = await aDesk(() => asked.promise).register(wish, grant, channel);
  expect(seat).toBeInstanceOf(SignalSeat);
  expect(heard.map(({ type }) => type)).toEqual(['registered']);
  asked.resolve(undefined);
  await waitFor(() => heard.length > 1, { what: 'the refusal' });
  expect(heard[1]).toMatchObject({ type: 'error', code: 'unknown-control' });
});
