import { expect, test } from 'vitest';
import { Tickets } from '../../../gateway/rooms/tickets.ts';
import { aCore } from '../../support/gateway/a-gateway-core.ts';

const USE = { kind: 'publish', room: 'demo', source: 'main' } as const;

async function aTicket() {
  const core = await aCore();
  const session = await core.publish();
  const clock = { now: 0 };
  const tickets = new Tickets(() => clock.now);
  return { clock, tickets, session, core, ticket: tickets.issue(session) };
}

test('a ticket has 128 random bits and is good once', async () => {
  const { tickets, session, ticket } = await aTicket();
  expect(ticket).toMatch(/^[0-9a-f]{32}$/);
  expect(tickets.issue(session)).not.toBe(ticket);
  expect(tickets.redeem({ ticket, ...USE })).toBe(session);
  expect(tickets.redeem({ ticket, ...USE })).toBeUndefined();
});

test('a ticket is good for 40 s', async () => {
  const { clock, tickets, session, ticket } = await aTicket();
  const other = tickets.issue(session);
  clock.now = 39_999;
  expect(tickets.redeem({ ticket, ...USE })).toBe(session);
  clock.now = 40_000;
  expect(tickets.redeem({ ticket: other, ...USE })).toBeUndefined();
});

test('a ticket of an ended session, or taken back, is worth nothing', async () => {
  const { tickets, session, core, ticket } = await aTicket();
  const other = tickets.issue(session);
  tickets.revoke(other);
  expect(tickets.redeem({ ticket: other, ...USE })).toBeUndefined();
  await core.sessions.end(session, 'client');
  expect(tickets.redeem({ ticket, ...USE })).toBeUndefined();
});
