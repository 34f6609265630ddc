import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { freeTcpPort, freeUdpPort } from '../../support/net/free-port.ts';
import { UdpRelay, type UdpRelayOptions } from '../../support/net/udp-relay.ts';
import { waitFor } from '../../support/wait-for.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const openSocket = async (): Promise<Socket> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closers.push(() => {
    const closed = once(socket, 'close');
    socket.close();
    return closed;
  });
  return socket;
};

/** An echo server behind a relay. */
const openEcho = async (options: Partial<UdpRelayOptions> = {}) => {
  const target = await openSocket();
  const sources = new Set<number>();
  target.on('message', (packet, from) => {
    sources.add(from.port);
    target.send(packet, from.port, from.address);
  });
  const relay = await UdpRelay.open({ targetPort: target.address().port, ...options });
  closers.push(() => relay.close());
  return { relay, sources };
};

const openClient = async (relay: UdpRelay) => {
  const socket = await openSocket();
  const received: string[] = [];
  socket.on('message', (packet) => received.push(packet.toString()));
  return { received, send: (text: string) => socket.send(text, relay.port, '127.0.0.1') };
};

test('each client gets its own answers, and a socket of its own towards the target', async () => {
  const { relay, sources } = await openEcho();
  const [one, two] = [await openClient(relay), await openClient(relay)];
  one.send('one');
  two.send('two');
  await waitFor(() => one.received.length + two.received.length === 2, { what: 'both echoes' });
  expect([one.received, two.received]).toEqual([['one'], ['two']]);
  expect(sources.size).toBe(2);
  expect(relay.stats.clients).toBe(2);
});

test('a change at run time applies to one direction', async () => {
  const { relay } = await openEcho();
  const client = await openClient(relay);
  client.send('before');
  await waitFor(() => client.received.length === 1, { what: 'the echo' });
  relay.setToClients({ lossRatio: 1 });
  client.send('lost on the way back');
  await waitFor(() => relay.stats.toClients.lost === 1, { what: 'the loss' });
  expect(relay.stats.toTarget).toMatchObject({ packets: 2, delivered: 2, lost: 0 });
  relay.setToClients({});
  client.send('after');
  await waitFor(() => client.received.length === 2, { what: 'the last echo' });
  expect(client.received).toEqual(['before', 'after']);
});

test('delay counts on both ways', async () => {
  const { relay } = await openEcho({ toTarget: { delayMs: 30 }, toClients: { delayMs: 20 } });
  const client = await openClient(relay);
  const start = performance.now();
  client.send('slow');
  await waitFor(() => client.received.length === 1, { what: 'the echo', everyMs: 1 });
  expect(performance.now() - start).toBeGreaterThanOrEqual(48);
});

test('a relay whose target is away stays alive and closes twice', async () => {
  const relay = await UdpRelay.open({ targetPort: await freeUdpPort() });
  const client = await openClient(relay);
  client.send('into the void');
  await waitFor(() => relay.stats.toTarget.delivered === 1, { what: 'the packet' });
  await relay.close();
  await relay.close();
  expect(await freeTcpPort()).toBeGreaterThan(0);
});
