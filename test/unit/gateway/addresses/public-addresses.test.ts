import { pino } from 'pino';
import { expect, test } from 'vitest';
import {
  PublicAddresses,
  type PublicAddressesOptions,
} from '../../../../gateway/addresses/public-addresses.ts';
import type { Candidate } from '../../../../gateway/sdp/candidate.ts';

const own = (ip: string, port = 8000): Candidate[] => [
  {
    ...{ foundation: '0', component: 1, transport: 'udp', priority: 1 },
    ...{ ip, port, type: 'host' },
  },
];

function anAddressBook(given: Partial<PublicAddressesOptions> = {}) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg);
  const addresses = new PublicAddresses({
    configured: [],
    node: 'srs:1985',
    audience: { publicHost: null, comesFromOutside: false },
    isRouter: () => false,
    log: pino({ level: 'warn' }, { write }),
    ...given,
  });
  return { addresses, lines };
}

test('[ADDR-06] a fault is told once in the log and stays in the view until the addresses change', () => {
  const { addresses, lines } = anAddressBook();
  addresses.announce(own('172.17.0.2'), '127.0.0.1');
  expect(lines).toEqual([]);
  for (const client of ['198.51.100.4', '198.51.100.5', '198.51.100.4']) {
    addresses.announce(own('172.17.0.2'), client);
  }
  expect(lines).toHaveLength(1);
  expect(addresses.view()).toMatchObject({
    configured: false,
    announced: ['172.17.0.2:8000'],
    remarks: [{ fault: 'container', sentence: lines[0] }],
  });
  addresses.announce(own('203.0.113.7', 9000), '198.51.100.4');
  expect(addresses.view()).toMatchObject({ announced: ['203.0.113.7:9000'], remarks: [] });
});

test('[ADDR-06] who comes through a bridge tells nothing of where clients are', () => {
  const { addresses } = anAddressBook({ isRouter: (client) => client === '172.18.0.1' });
  addresses.announce(own('127.0.0.1'), '172.18.0.1');
  expect(addresses.view().remarks).toEqual([]);
});

test('[ADDR-07] names are looked up, and the last addresses stay while there is no answer', async () => {
  let found: readonly string[] | null = ['203.0.113.7', '2001:db8::7'];
  const { addresses, lines } = anAddressBook({
    configured: [{ host: 'media.example.org', port: 9000 }],
    resolve: (name) => {
      expect(name).toBe('media.example.org');
      return found === null ? Promise.reject(new Error('away')) : Promise.resolve(found);
    },
  });
  const told = () =>
    addresses.announce(own('10.0.0.1'), '127.0.0.1').map(({ ip, port }) => `${ip} ${port}`);
  await addresses.refresh();
  expect(told()).toEqual(['203.0.113.7 9000', '2001:db8::7 9000']);
  found = null;
  await addresses.refresh();
  await addresses.refresh();
  expect(told()).toEqual(['203.0.113.7 9000', '2001:db8::7 9000']);
  expect(lines).toHaveLength(1);
  found = ['203.0.113.8'];
  await addresses.refresh();
  expect(told()).toEqual(['203.0.113.8 9000']);
  expect(addresses.view().remarks).toEqual([]);
});

test('[ADDR-07] a name that never had an address is left out, and the node’s own stay', async () => {
  const { addresses } = anAddressBook({
    configured: [{ host: 'nowhere.example.org', port: null }],
    resolve: () => Promise.resolve([]),
  });
  await addresses.refresh();
  expect(addresses.announce(own('10.0.0.1'), '127.0.0.1')).toEqual(own('10.0.0.1'));
  expect(addresses.view().remarks).toMatchObject([{ fault: 'unresolved' }]);
});

test('[ADDR-08] an address that does not answer is told once, and when it does again', () => {
  const { addresses, lines } = anAddressBook();
  const probe = (reachable: boolean) => ({
    ...{ address: '203.0.113.7:8000', reachable, probedAt: 1 },
    ...(reachable ? { roundTripMs: 1, error: null } : { roundTripMs: null, error: 'No.' }),
  });
  for (const reachable of [true, false, false, true]) addresses.noteProbes([probe(reachable)]);
  expect(lines).toEqual(['an announced media address does not answer from here']);
  expect(addresses.view().probes).toEqual([probe(true)]);
});
