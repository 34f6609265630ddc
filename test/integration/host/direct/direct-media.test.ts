import { describe, expect, it } from 'vitest';
import { DirectMedia } from '../../../support/direct/direct-media.ts';
import { DirectPeer } from '../../../support/direct/direct-peer.ts';
import { waitFor } from '../../../support/wait-for.ts';

const within = (what: string) => ({ timeoutMs: 30_000, what });

const newest = (media: DirectMedia) => media.of('direct-figures').at(-1)?.figures;

describe('a media process that answers clients', () => {
  it('[DIR-30] sends picture and sound to a client, from a key frame on', async () => {
    const media = await DirectMedia.open({ sound: 'tone' });
    const peer = await media.connect('one');
    await waitFor(() => peer.received.pictures > 20, within('pictures'));
    await waitFor(() => peer.received.sounds > 20, within('sound'));
    expect(peer.beganWithKeyframe).toBe(true);
    const { figures } = await media.says(
      'direct-figures',
      ({ figures: { framesPerSecond } }) => framesPerSecond > 10,
    );
    expect(figures.clients).toBe(1);
    expect(figures.sentKbps).toBeGreaterThan(0);
  });

  it('[DIR-31] encodes once for several clients, and a second one begins with a key frame', async () => {
    const media = await DirectMedia.open();
    const one = await media.connect('one');
    await waitFor(() => one.received.pictures > 10, within('pictures'));
    const two = await media.connect('two');
    await waitFor(() => two.received.pictures > 20, within('pictures of the second'));
    expect(two.beganWithKeyframe).toBe(true);
    const { figures } = await media.says('direct-figures', ({ figures }) => figures.clients === 2);
    expect(figures.framesPerSecond).toBeLessThanOrEqual(20);
  });

  it('[DIR-32] makes few key frames of many requests', async () => {
    const media = await DirectMedia.open();
    const [one, two] = [await media.connect('one'), await media.connect('two')];
    await waitFor(() => two.received.pictures > 5, within('pictures'));
    const asked = (): number => newest(media)?.keyframeRequests ?? 0;
    const before = newest(media)?.keyframes ?? 0;
    const asking = setInterval(() => [one, two].forEach((peer) => peer.sendPli()), 10);
    await waitFor(() => asked() > 100, within('requests')).finally(() => clearInterval(asking));
    expect((newest(media)?.keyframes ?? 0) - before).toBeLessThan(asked() / 5);
  });

  it('[DIR-33] encodes nothing once the last client is gone, and goes on with the next', async () => {
    const media = await DirectMedia.open();
    const one = await media.connect('one');
    await waitFor(() => one.received.pictures > 5, within('pictures'));
    media.send({ type: 'direct-end', client: 'one' });
    await one.ended;
    await media.says('direct-connected', ({ clients }) => clients === 0);
    await media.says(
      'direct-figures',
      ({ figures }) => figures.clients === 0 && figures.framesPerSecond === 0,
    );
    const two = await media.connect('two');
    await waitFor(() => two.received.pictures > 20, within('pictures of the next'));
    expect(two.beganWithKeyframe).toBe(true);
  });

  it('[DIR-39] says goodbye to a client that restarts ICE, and serves it by a new connection', async () => {
    const media = await DirectMedia.open();
    const peer = await media.connect('one');
    await waitFor(() => peer.received.pictures > 5, within('pictures'));
    const restart = peer.offered.replace(/a=ice-ufrag:.*/, 'a=ice-ufrag:another1');
    media.send({ type: 'direct-offer', client: 'one', sdp: restart, iceServers: [] });
    await media.says('direct-gone', ({ client }) => client === 'one');
    expect(media.of('direct-answer')).toHaveLength(1);
    const again = await media.connect('one');
    await waitFor(() => again.received.pictures > 5, within('pictures'));
  });

  it('[DIR-34] ends a client that the gateway lost once it is silent, and one that is silent anyway', async () => {
    const media = await DirectMedia.open();
    const [lost, there, silent] = [
      await media.connect('lost'),
      await media.connect('there'),
      await media.connect('silent'),
    ];
    await waitFor(() => silent.received.pictures > 5, within('pictures'));
    for (const peer of [lost, silent]) peer.mute();
    for (const client of ['lost', 'there']) media.send({ type: 'direct-doubt', client });
    await media.says('direct-gone', ({ client }) => client === 'lost');
    await media.says('direct-gone', ({ client }) => client === 'silent');
    expect(media.of('direct-gone').map(({ client }) => client)).toEqual(['lost', 'silent']);
    const before = there.received.pictures;
    await waitFor(() => there.received.pictures > before + 10, within('pictures'));
  }, 60_000);

  it('[DIR-35] has the bitrate follow the client that is worst off', async () => {
    const media = await DirectMedia.open({
      picture: { width: 320, height: 180, fps: 15, bitrateKbps: 1_000 },
    });
    const [good, bad] = [await media.connect('good'), await media.connect('bad')];
    await waitFor(() => good.received.pictures > 5, within('pictures'));
    const target = (): number => newest(media)?.targetKbps ?? 0;
    await waitFor(() => target() >= 900, within('the full rate'));
    bad.path.fractionLost = 64;
    await waitFor(() => target() < 600, within('a lower rate'));
    media.send({ type: 'direct-end', client: 'bad' });
    const low = target();
    await waitFor(() => target() > low + 100, within('a higher rate'));
  }, 90_000);

  it('[DIR-36] hands on what channels bring of who may control, and tells others that they may not', async () => {
    const media = await DirectMedia.open();
    const peer = await media.connect('one');
    peer.keys.sendMessage('{"a":1}');
    await waitFor(() => peer.messages.length > 0, within('a refusal'));
    expect(JSON.parse(peer.messages[0] ?? '')).toMatchObject({
      type: 'input/refused',
      why: 'not-holder',
    });
    peer.motion.sendMessage('{"type":"viewer/ping","at":5,"rttMs":null}');
    await waitFor(() => peer.messages.includes('{"type":"viewer/pong","at":5}'), within('a pong'));
    expect(media.of('direct-input')).toEqual([]);
    media.send({ type: 'direct-admit', client: 'one', mayControl: true });
    const sends = setInterval(() => peer.motion.sendMessage('{"b":2}'), 20);
    const { text } = await media.says('direct-input').finally(() => clearInterval(sends));
    expect(text).toBe('{"b":2}');
  });

  it.each([
    ['larger than a frame', (peer: DirectPeer) => peer.keys.sendMessage('x'.repeat(16_385))],
    ['no text', (peer: DirectPeer) => peer.keys.sendMessageBinary(Buffer.from('{}'))],
    [
      'a ping without a time',
      (peer: DirectPeer) => peer.keys.sendMessage('{"type":"viewer/ping"}'),
    ],
    ['without end', flood],
  ])('[DIR-37] closes channels whose messages are %s, and goes on sending', async (_name, harm) => {
    const media = await DirectMedia.open();
    const peer = await media.connect('one');
    harm(peer);
    await waitFor(() => !peer.keys.isOpen(), within('closed channels'));
    const before = peer.received.pictures;
    await waitFor(() => peer.received.pictures > before + 10, within('pictures'));
    expect(media.isAlive).toBe(true);
  });

  it('[DIR-38] refuses offers that are none, and candidates that are none, and serves the next client', async () => {
    const media = await DirectMedia.open();
    const good = new DirectPeer();
    const offer = good.offer();
    good.close();
    const bad = [
      '',
      'v=0',
      'x'.repeat(100_000),
      offer.replaceAll('H264', 'H265'),
      offer.replaceAll('a=ice-ufrag', 'a=other'),
      offer.replaceAll(/a=fingerprint:.*/g, 'a=fingerprint:sha-256 AB'),
      offer.replaceAll('a=rtcp-mux', 'a=other'),
      offer.replaceAll(/^m=video \d+/gm, 'm=video 99999999'),
      offer.replaceAll('a=mid:', 'a=mid:\u0000'),
    ];
    for (const [index, sdp] of bad.entries()) {
      media.send({ type: 'direct-offer', client: `bad-${index}`, sdp, iceServers: [] });
    }
    await waitFor(() => media.of('direct-gone').length === bad.length, within('refusals'));
    media.send({ type: 'direct-offer', client: 'odd', sdp: offer, iceServers: [] });
    for (const candidate of [
      'candidate:1 1 udp 1 printer.local 5000 typ host',
      'candidate:1 1 udp 99999999999 1.2.3.4 5000 typ host',
      'candidate:1 1 udp 1 300.2.3.4 5000 typ host',
      'candidate:1 1 udp 1 1.2.3.4 70000 typ host',
      'candidate:1 1 tcp 1 1.2.3.4 9 typ host tcptype active',
      'candidate:',
    ]) {
      media.send({ type: 'direct-candidate', client: 'odd', candidate });
    }
    const peer = await media.connect('next');
    await waitFor(() => peer.received.pictures > 5, within('pictures'));
    expect(media.isAlive).toBe(true);
  });
});

/** It may be closed before all is sent. */
function flood({ keys }: DirectPeer): void {
  for (let count = 0; count < 900 && keys.isOpen(); count += 1) {
    try {
      keys.sendMessage('{}');
    } catch (error) {
      if (keys.isOpen()) throw error;
    }
  }
}
