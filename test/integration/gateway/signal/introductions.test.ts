import { describe, expect, test } from 'vitest';
import { aToken } from '../../../support/gateway/a-token.ts';
import { aPeer, anApplicant, CANDIDATE, SDP } from '../../../support/gateway/signal-peer.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';

describe('peers of a direct session', () => {
  test('[SIG-03] sender and receivers, host and clients hear of each other, whoever comes first', async () => {
    const { gateway } = await startGateway();
    const first = await aPeer(gateway.url, 'receiver', { name: 'Ben' });
    const sender = await aPeer(gateway.url, 'sender');
    const second = await aPeer(gateway.url, 'receiver');
    const host = await aPeer(gateway.url, 'host');
    const client = await aPeer(gateway.url, 'client');

    expect(first.registered).toMatchObject({ room: 'demo', source: 'main', peers: [] });
    expect(sender.registered['peers']).toEqual([
      { peerId: first.peerId, role: 'receiver', name: 'Ben' },
    ]);
    expect(await first.socket.hears('peer-connected')).toMatchObject({ peerId: sender.peerId });
    expect(second.registered['peers']).toMatchObject([{ peerId: sender.peerId, role: 'sender' }]);
    expect(await sender.socket.hears('peer-connected')).toMatchObject({ peerId: second.peerId });
    expect(client.registered['peers']).toMatchObject([{ peerId: host.peerId, role: 'host' }]);
    expect(await host.socket.hears('peer-connected')).toMatchObject({ peerId: client.peerId });
    expect(host.registered['peers']).toEqual([]);
    expect(first.socket.heard('peer-connected')).toHaveLength(1);
  });

  test('[SIG-04] offers, answers and candidates go to one counterpart, in order', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender');
    const one = await aPeer(gateway.url, 'receiver');
    const other = await aPeer(gateway.url, 'receiver');
    const candidate = { candidate: CANDIDATE, sdpMid: '0', sdpMLineIndex: 0 };

    sender.socket.say({ type: 'offer', sdp: SDP, to: one.peerId });
    sender.socket.say({ type: 'ice-candidate', candidate, to: one.peerId });
    sender.socket.say({ type: 'ice-candidate', candidate: null, to: one.peerId });
    await one.socket.hears('ice-candidate', 2);
    const from = sender.peerId;
    expect(one.socket.messages.slice(1)).toEqual([
      { type: 'offer', sdp: SDP, from },
      { type: 'ice-candidate', candidate, from },
      { type: 'ice-candidate', candidate: null, from },
    ]);

    one.socket.say({ type: 'answer', sdp: SDP });
    one.socket.say({ type: 'request-offer' });
    one.socket.say({ type: 'bye', to: sender.peerId });
    await sender.socket.hears('bye');
    expect(sender.socket.messages.slice(-3)).toEqual([
      { type: 'answer', sdp: SDP, from: one.peerId },
      { type: 'request-offer', from: one.peerId },
      { type: 'bye', from: one.peerId },
    ]);
    expect(other.socket.messages).toHaveLength(1);
    expect(one.socket.closed).toBeNull();
  });

  test('[SIG-05] who sends the minimal form is sent candidates so, and nobody else', async () => {
    const { gateway } = await startGateway();
    const host = await aPeer(gateway.url, 'host');
    const client = await aPeer(gateway.url, 'client');
    client.socket.say({ type: 'ice', candidate: CANDIDATE, sdpMLineIndex: 1 });
    expect(await host.socket.hears('ice-candidate')).toEqual({
      type: 'ice-candidate',
      candidate: { candidate: CANDIDATE, sdpMLineIndex: 1, sdpMid: null },
      from: client.peerId,
    });
    const candidate = { candidate: CANDIDATE, sdpMid: '0', sdpMLineIndex: 0 };
    host.socket.say({ type: 'ice-candidate', candidate });
    host.socket.say({ type: 'ice-candidate', candidate: null });
    await client.socket.hears('ice', 2);
    expect(client.socket.heard('ice')).toEqual([
      { type: 'ice', candidate: CANDIDATE, sdpMLineIndex: 0, sdpMid: '0', from: host.peerId },
      { type: 'ice', candidate: '', sdpMLineIndex: 0, from: host.peerId },
    ]);
  });

  test('[SIG-06] only senders and clients offer, only receivers and hosts answer', async () => {
    const { gateway } = await startGateway();
    const peers = {
      sender: await aPeer(gateway.url, 'sender'),
      receiver: await aPeer(gateway.url, 'receiver'),
      host: await aPeer(gateway.url, 'host'),
      client: await aPeer(gateway.url, 'client'),
    };
    peers.sender.socket.say({ type: 'answer', sdp: SDP });
    peers.client.socket.say({ type: 'request-offer' });
    peers.receiver.socket.say({ type: 'offer', sdp: SDP });
    peers.host.socket.say({ type: 'offer', sdp: SDP });
    for (const { socket } of Object.values(peers)) {
      expect(await socket.hears('error')).toMatchObject({ code: 'wrong-role' });
      expect(socket.heard('offer')).toEqual([]);
      expect(socket.heard('answer')).toEqual([]);
      expect(socket.closed).toBeNull();
    }
  });

  test('[SIG-07] nobody reaches another room, another source, or the other pair', async () => {
    const { gateway } = await startGateway();
    const strangers = [
      await aPeer(gateway.url, 'receiver', { room: 'other' }),
      await aPeer(gateway.url, 'receiver', { source: 'screen' }),
      await aPeer(gateway.url, 'client'),
      await aPeer(gateway.url, 'host'),
    ];
    const sender = await aPeer(gateway.url, 'sender');
    expect(sender.registered['peers']).toEqual([]);
    for (const { peerId } of strangers) sender.socket.say({ type: 'offer', sdp: SDP, to: peerId });
    sender.socket.say({ type: 'offer', sdp: SDP });
    await sender.socket.hears('error', 5);
    expect(sender.socket.heard('error').map(({ code, to }) => [code, to])).toEqual([
      ...strangers.map(({ peerId }) => ['unknown-peer', peerId]),
      ['unknown-peer', undefined],
    ]);
    for (const { socket } of strangers) expect(socket.heard('offer')).toEqual([]);
  });

  test('[SIG-08] without "to" it must be clear who is meant', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender');
    await aPeer(gateway.url, 'receiver');
    await aPeer(gateway.url, 'receiver');
    sender.socket.say({ type: 'offer', sdp: SDP });
    expect(await sender.socket.hears('error')).toMatchObject({ code: 'peer-unclear' });
  });

  test('[SIG-09] a source has one sender and one host; who is refused may ask again', async () => {
    const { gateway } = await startGateway();
    for (const role of ['sender', 'host'] as const) {
      const first = await aPeer(gateway.url, role);
      const second = await anApplicant(gateway.url, role, { sub: 'second' });
      expect(await second.hears('error')).toMatchObject({ code: 'taken' });
      first.socket.say({ type: 'bye' });
      expect(await first.socket.end()).toMatchObject({ code: 1000 });
      second.say({ type: 'register', room: 'demo', role });
      await second.hears('registered');
    }
  });

  test('[SIG-10] the end of a peer is told at once, with its reason', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender');
    const [polite, cut, closed] = [
      await aPeer(gateway.url, 'receiver'),
      await aPeer(gateway.url, 'receiver'),
      await aPeer(gateway.url, 'receiver'),
    ];
    polite.socket.say({ type: 'bye' });
    cut.socket.socket.terminate();
    closed.socket.socket.close();
    await sender.socket.hears('peer-disconnected', 3);
    const told = sender.socket.heard('peer-disconnected');
    const reasonOf = (peerId: string) => told.find((each) => each['peerId'] === peerId)?.['reason'];
    expect([polite, cut, closed].map(({ peerId }) => reasonOf(peerId))).toEqual([
      ...['left', 'lost', 'left'],
    ]);
  });

  test('[SIG-11] who brings its secret is the same peer again, and takes over from its older socket', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ sub: 'anna', can: ['publish'] });
    const receiver = await aPeer(gateway.url, 'receiver');
    const sender = await aPeer(gateway.url, 'sender', { token });
    const again = await aPeer(gateway.url, 'sender', { token, resume: sender.resume });
    expect(again.peerId).toBe(sender.peerId);
    expect(again.resume).toBe(sender.resume);
    expect((await sender.socket.end()).code).toBe(4409);
    await receiver.socket.hears('peer-connected', 2);
    expect(receiver.socket.heard('peer-disconnected')).toEqual([]);
    receiver.socket.say({ type: 'request-offer', to: sender.peerId });
    await again.socket.hears('request-offer');
  });

  test('[SIG-11] the secret of another subject, role or source makes another peer', async () => {
    const { gateway } = await startGateway();
    const { peerId, resume } = await aPeer(gateway.url, 'receiver', { sub: 'anna' });
    const others = [
      await aPeer(gateway.url, 'receiver', { sub: 'ben', resume }),
      await aPeer(gateway.url, 'client', { sub: 'anna', resume }),
      await aPeer(gateway.url, 'receiver', { sub: 'anna', source: 'screen', resume }),
    ];
    expect(new Set([peerId, ...others.map((other) => other.peerId)]).size).toBe(4);
  });

  test('[SIG-12] after a restart peers come back as themselves, though nothing was kept', async () => {
    const wish = { sender: { sub: 'anna' }, receiver: { sub: 'ben' } };
    const before = await startGateway();
    const sender = await aPeer(before.gateway.url, 'sender', wish.sender);
    const receiver = await aPeer(before.gateway.url, 'receiver', wish.receiver);
    await before.gateway.close();
    expect((await sender.socket.end()).code).toBe(1001);
    const { gateway } = await startGateway();
    const { resume } = receiver;
    const receiverAgain = await aPeer(gateway.url, 'receiver', { ...wish.receiver, resume });
    const senderAgain = await aPeer(gateway.url, 'sender', {
      ...wish.sender,
      resume: sender.resume,
    });
    expect(receiverAgain.peerId).toBe(receiver.peerId);
    expect(senderAgain.registered['peers']).toMatchObject([{ peerId: receiver.peerId }]);
    expect(await receiverAgain.socket.hears('peer-connected')).toMatchObject({
      peerId: sender.peerId,
    });
  });

  test('[SIG-13] all tables are as before when everybody has gone', async () => {
    const { gateway } = await startGateway();
    const peers = [
      await aPeer(gateway.url, 'sender'),
      await aPeer(gateway.url, 'receiver'),
      await aPeer(gateway.url, 'host', { source: 'screen' }),
    ];
    const sizes = async () => {
      const text = await (await gateway.request('GET', '/metrics', { token: null })).text();
      return ['signal_peers', 'signal_rooms', 'sockets'].map((table) =>
        Number(new RegExp(`table="${table}"} (\\d+)`).exec(text)?.[1]),
      );
    };
    expect(await sizes()).toEqual([3, 2, 3]);
    for (const { socket } of peers) socket.socket.terminate();
    await waitFor(async () => (await sizes()).join() === '0,0,0', { what: 'empty tables' });
  });
});
