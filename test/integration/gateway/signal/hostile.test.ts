import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { SIGNAL_PROTOCOL } from '../../../../gateway/protocol/signal/signal-protocol.ts';
import { aToken, anAdminToken } from '../../../support/gateway/a-token.ts';
import { aPeer, anApplicant, aSignalSocket, SDP } from '../../../support/gateway/signal-peer.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { openSocket, refusedSocket } from '../../../support/gateway/test-socket.ts';

const anonymous = (url: string) => openSocket(url, '/ws/signal', { protocols: [SIGNAL_PROTOCOL] });
const registration = { type: 'register', room: 'demo', role: 'receiver' };

describe('who may signal', () => {
  test('[SIG-20] a token comes with the request or with register, and must be good', async () => {
    const { gateway } = await startGateway();
    const minimal = await anonymous(gateway.url);
    minimal.say({ ...registration, token: aToken({ can: ['watch'] }) });
    await minimal.hears('registered');

    const bad = { none: undefined, forged: aToken({ secret: 'x'.repeat(32) }), words: 'not one' };
    for (const token of Object.values(bad)) {
      const socket = await anonymous(gateway.url);
      socket.say({ ...registration, ...(token === undefined ? {} : { token }) });
      expect(await socket.hears('error')).toMatchObject({ code: 'unauthenticated' });
      expect((await socket.end()).code).toBe(4401);
    }
    const page = await aSignalSocket(gateway.url, bad.forged);
    expect((await page.end()).code).toBe(4401);
    const agent = await refusedSocket(gateway.url, '/ws/signal', {
      protocols: [SIGNAL_PROTOCOL],
      token: bad.forged,
    });
    expect(agent).toMatchObject({ status: 401, problem: { code: 'token-invalid' } });
  });

  test.each([
    ['sender', ['watch']],
    ['receiver', ['publish']],
    ['host', ['publish', 'watch', 'control']],
    ['client', ['host']],
  ] as const)('[SIG-20] a %s needs its own right, not %j', async (role, can) => {
    const { gateway } = await startGateway();
    const socket = await anApplicant(gateway.url, role, { token: aToken({ can }) });
    expect(await socket.hears('error')).toMatchObject({ code: 'forbidden' });
    expect((await socket.end()).code).toBe(4403);
  });

  test('[SIG-20] a token of another room or source is refused', async () => {
    const { gateway } = await startGateway();
    for (const token of [aToken({ room: 'other' }), aToken({ sources: ['screen'] })]) {
      const socket = await anApplicant(gateway.url, 'receiver', { token });
      expect((await socket.end()).code).toBe(4403);
    }
  });

  test('[SIG-21] expiry ends a peer, and the other side hears it', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender');
    const short = aToken({ sub: 'ben', can: ['watch'], seconds: 2 });
    const receiver = await aPeer(gateway.url, 'receiver', { token: short });
    expect((await receiver.socket.end()).code).toBe(4401);
    expect(await sender.socket.hears('peer-disconnected')).toMatchObject({
      peerId: receiver.peerId,
      reason: 'kicked',
    });
  });

  test('[SIG-21] revocation ends a peer', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender', { sub: 'anna' });
    await aPeer(gateway.url, 'receiver', { sub: 'ben' });
    const reply = await gateway.request('POST', '/api/v1/revocations', {
      token: anAdminToken(),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sub: 'ben' }),
    });
    expect(reply.status).toBeLessThan(300);
    expect(await sender.socket.hears('peer-disconnected')).toMatchObject({ reason: 'kicked' });
  });
});

describe('messages that mean harm', () => {
  test('[SIG-22] what is malformed is answered with an error, and the socket stays', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender');
    const receiver = await aPeer(gateway.url, 'receiver');
    const hostile = [
      '{',
      'null',
      '[]',
      '{"type":"offer"}',
      '{"type":"__proto__"}',
      JSON.stringify({ type: 'offer', sdp: `${SDP}\0` }),
      JSON.stringify({ type: 'offer', sdp: SDP, to: { $ne: '' } }),
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    ];
    for (const text of hostile) sender.socket.socket.send(text);
    await sender.socket.hears('error', hostile.length);
    expect(new Set(sender.socket.heard('error').map(({ code }) => code))).toEqual(
      new Set(['malformed']),
    );
    sender.socket.say({ type: 'offer', sdp: SDP });
    await receiver.socket.hears('offer');
    expect(receiver.socket.messages).toHaveLength(2);
  });

  test('[SIG-22] after ten of them the socket is closed', async () => {
    const { gateway } = await startGateway();
    const { socket } = await aPeer(gateway.url, 'sender');
    for (let sent = 0; sent < LIMITS.signalMalformed; sent += 1) socket.socket.send('{');
    expect((await socket.end()).code).toBe(1008);
    expect(socket.heard('error')).toHaveLength(LIMITS.signalMalformed);
  });

  test('[SIG-23] bytes are 1003, too large a message 1009, a flood 4429; nobody else suffers', async () => {
    const { gateway } = await startGateway();
    const receiver = await aPeer(gateway.url, 'receiver');
    const ends: number[] = [];
    const harm = [
      (send: (data: string | Buffer) => void) => send(Buffer.from([1, 2, 3])),
      (send: (data: string | Buffer) => void) => send('x'.repeat(LIMITS.signalMessageBytes + 1)),
      (send: (data: string | Buffer) => void) => {
        for (let i = 0; i < 2 * LIMITS.signalMessagesAtOnce; i += 1) send('{"type":"pong"}');
      },
    ];
    for (const act of harm) {
      const { socket } = await aPeer(gateway.url, 'sender');
      act((data) => socket.socket.send(data));
      ends.push((await socket.end()).code);
      await receiver.socket.hears('peer-disconnected', ends.length);
    }
    expect(ends).toEqual([1003, 1009, 4429]);
    expect(receiver.socket.closed).toBeNull();
  });

  test('[SIG-27] a half-open socket is found out, and the other side hears of it', async () => {
    const { gateway } = await startGateway();
    const sender = await aPeer(gateway.url, 'sender');
    const dead = await aSignalSocket(gateway.url, aToken(), { autoPong: false });
    dead.say(registration);
    await dead.hears('registered');
    const told = await waitFor(() => sender.socket.heard('peer-disconnected')[0], {
      timeoutMs: 35_000,
      what: 'the loss to be told',
    });
    expect(told).toMatchObject({ reason: 'lost' });
    expect((await dead.end()).code).toBe(4408);
  });

  test('[SIG-24] register comes first, within five seconds, and once', async () => {
    const { gateway } = await startGateway();
    const silent = await aSignalSocket(gateway.url, aToken());
    const socket = await aSignalSocket(gateway.url, aToken());
    socket.say({ type: 'offer', sdp: SDP });
    expect(await socket.hears('error')).toMatchObject({ code: 'not-registered' });
    socket.say({ type: 'ping', at: 7 });
    expect(await socket.hears('pong')).toEqual({ type: 'pong', at: 7 });
    socket.say(registration);
    await socket.hears('registered');
    socket.say(registration);
    await socket.hears('error', 2);
    expect(socket.heard('error').at(-1)).toMatchObject({ code: 'already-registered' });
    expect((await silent.end()).code).toBe(1008);
  });

  test('[SIG-25] a source has so many peers and no more', async () => {
    const { gateway } = await startGateway();
    for (let count = 0; count < LIMITS.signalPeersPerSource; count += 1) {
      await aPeer(gateway.url, 'receiver');
    }
    const late = await anApplicant(gateway.url, 'receiver');
    expect(await late.hears('error')).toMatchObject({ code: 'capacity' });
    expect(late.closed).toBeNull();
  });

  test('[SIG-26] no log has a description, a candidate, a token or a secret', async () => {
    const { gateway } = await startGateway({ env: { TURN_URLS: 'turn:192.0.2.1:3478' } });
    const token = aToken({ can: ['publish'] });
    const sender = await aPeer(gateway.url, 'sender', { token });
    const receiver = await aPeer(gateway.url, 'receiver');
    sender.socket.say({ type: 'offer', sdp: `${SDP}a=ice-pwd:verysecretpassword\r\n` });
    await receiver.socket.hears('offer');
    receiver.socket.say({ type: 'bye' });
    await sender.socket.hears('peer-disconnected');
    const { turnConfig } = sender.registered as unknown as {
      turnConfig: { iceServers: { credential?: string }[] };
    };
    const log = JSON.stringify(gateway.lines);
    expect(log).toContain('peer registered');
    const secrets = ['verysecretpassword', 'v=0', token, sender.resume, receiver.resume];
    for (const secret of [...secrets, turnConfig.iceServers[0]?.credential ?? 'none']) {
      expect(log).not.toContain(secret);
    }
  });
});
