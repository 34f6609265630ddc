import { expect, test } from 'vitest';
import { RecordingId } from '../../../../gateway/protocol/api/recordings.ts';
import { LinkTickets } from '../../../../gateway/recordings/link-tickets.ts';

const [ID, OTHER] = ['a'.repeat(16), 'b'.repeat(16)].map((id) => RecordingId.parse(id));
const ids = { own: ID ?? RecordingId.parse(''), other: OTHER ?? RecordingId.parse('') };

test('[REC-12] a ticket is good until its time, to the second, for its recording alone', () => {
  let now = 1_000_000;
  const tickets = new LinkTickets('a secret', () => now);
  const ticket = tickets.issue(ids.own, 1_060_000);
  expect(tickets.isValid(ticket, ids.own)).toBe(true);
  expect(tickets.isValid(ticket, ids.other)).toBe(false);
  now = 1_059_999;
  expect(tickets.isValid(ticket, ids.own)).toBe(true);
  now = 1_060_000;
  expect(tickets.isValid(ticket, ids.own)).toBe(false);
});

test('[REC-12] another secret has other tickets, and no sign of a ticket can be changed', () => {
  const tickets = new LinkTickets('a secret', () => 0);
  const ticket = tickets.issue(ids.own, 60_000);
  expect(new LinkTickets('another', () => 0).isValid(ticket, ids.own)).toBe(false);
  for (let at = 0; at < ticket.length; at += 1) {
    const sign = ticket[at] === 'A' ? 'B' : 'A';
    const changed = ticket.slice(0, at) + sign + ticket.slice(at + 1);
    expect(tickets.isValid(changed, ids.own), changed).toBe(false);
  }
  for (const other of ['', '.', `${ticket}=`, `${ticket}.x`, ` ${ticket}`, ticket.slice(0, -1)]) {
    expect(tickets.isValid(other, ids.own), other).toBe(false);
  }
});
