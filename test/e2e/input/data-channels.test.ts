import { expect, test } from 'vitest';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { ChannelStage } from '../../support/channel/channel-stage.ts';
import { waitFor } from '../../support/wait-for.ts';

test('[INPUT-90] what a page says by its channels arrives, and the path proves itself', async () => {
  const stage = await ChannelStage.open();
  await stage.connect();
  await stage.page.evaluate(() => {
    window.channelTest.channel.sendKeys('"a key"');
    window.channelTest.channel.sendMotion('"motion"');
  });
  await stage.hears('"a key"');
  await stage.hears('"motion"');
  await waitFor(() => stage.page.evaluate(() => !window.channelTest.channel.isDoubtful), {
    what: 'proof',
  });
});

test('[INPUT-91] a killed process is told of, and its channels come again on the same port', async () => {
  const stage = await ChannelStage.open();
  await stage.connect();
  process.kill(await stage.childPid(1), 'SIGKILL');
  await waitFor(() => stage.closed.includes('lost'), { what: 'channel/closed' });
  await stage.childPid(2);
  await waitFor(() => stage.channels.size === 1, { timeoutMs: 30_000, what: 'another offer' });
  await stage.isOpen();
  const ports = stage.lines.filter(({ msg }) => msg === 'input channels ready');
  expect(new Set(ports.map((line) => (line as { port?: number }).port)).size).toBe(1);
});

test('[INPUT-91] a process that hangs is replaced', async () => {
  const stage = await ChannelStage.open();
  await stage.connect();
  process.kill(await stage.childPid(1), 'SIGSTOP');
  await waitFor(() => stage.closed.includes('lost'), { timeoutMs: 30_000, what: 'channel/closed' });
  await stage.childPid(2);
});

test('[INPUT-92] a viewer that leaves its channels, or whose socket ends, has none', async () => {
  const stage = await ChannelStage.open();
  await stage.connect();
  await stage.page.evaluate(() => window.channelTest.channel.want(false));
  await waitFor(() => stage.channels.size === 0, { what: 'no channels' });
  await stage.connect();
  stage.link.close();
  await waitFor(() => stage.page.evaluate(() => !window.channelTest.channel.isOpen), {
    what: 'the end of the channels',
  });
  // The end of a pair may be seen before its viewer says that it leaves.
  expect(stage.closed.filter((why) => why !== 'lost')).toEqual([]);
});

test.each<[string, Hostile]>([
  ['a channel of another label', { labels: ['keys', 'motion', 'shell'], say: null }],
  ['a label twice', { labels: ['keys', 'keys'], say: null }],
  [
    'a message that is too large',
    { labels: ['keys', 'motion'], say: LIMITS.channelMessageBytes + 1 },
  ],
  ['a giant message', { labels: ['keys', 'motion'], say: 200_000 }],
  ['bytes', { labels: ['keys', 'motion'], say: 'bytes' }],
  ['a flood', { labels: ['keys', 'motion'], say: 'flood' }],
])('[INPUT-93] %s ends the channels of whoever made it, and nobody else’s', async (_, hostile) => {
  const stage = await ChannelStage.open();
  await stage.connect();
  const told: string[] = [];
  await stage.page.exposeFunction('tellHostile', (sdp: string) => {
    const link = stage.channels.link(stage.grant, {
      send: (event) => {
        if (event.type === 'channel/closed') told.push(event.why);
        else
          stage.page
            .evaluate((sdp) => window.hostileAnswer?.(sdp), event.sdp)
            .catch(() => undefined);
      },
      hear: () => undefined,
    });
    link.offer(sdp);
  });
  await stage.page.evaluate(beHostile, hostile);
  await waitFor(() => told.length > 0, { timeoutMs: 30_000, what: 'the end' });
  expect(told.length).toBe(1);
  await stage.page.evaluate(() => window.channelTest.channel.sendKeys('"still here"'));
  await stage.hears('"still here"');
  await stage.childPid(1);
  expect(stage.lines.filter(({ msg }) => msg.includes('lost'))).toEqual([]);
});

interface Hostile {
  readonly labels: readonly string[];
  readonly say: number | 'bytes' | 'flood' | null;
}

declare global {
  interface Window {
    tellHostile(sdp: string): Promise<void>;
    hostileAnswer?: (sdp: string) => Promise<void>;
  }
}

/** Runs in the page. */
async function beHostile({ labels, say }: Hostile): Promise<void> {
  const peer = new RTCPeerConnection();
  const channels = labels.map((label) => peer.createDataChannel(label));
  await peer.setLocalDescription();
  window.hostileAnswer = (sdp) =>
    peer.setRemoteDescription({
      type: 'answer',
      sdp: sdp.replace(/a=max-message-size:\d+/, 'a=max-message-size:262144'),
    });
  await window.tellHostile(peer.localDescription?.sdp ?? '');
  const [channel] = channels;
  if (channel === undefined || say === null) return;
  channel.onopen = () => {
    if (say === 'bytes') channel.send(new Uint8Array(16));
    else if (say === 'flood') for (let n = 0; n < 5_000; n += 1) channel.send(`${n}`);
    else channel.send('x'.repeat(say));
  };
}
