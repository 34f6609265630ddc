import { queryObjects } from 'node:v8';
import { expect, it, onTestFinished } from 'vitest';
import { mediaEnvironment } from '../../../host-publisher/environment.ts';
import { Capture } from '../../../host-publisher/media/capture.ts';
import { EncoderChoice } from '../../../host-publisher/media/encoding/encoder-choice.ts';
import { findCapture, findWhip } from '../../../host-publisher/media/equipment.ts';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import { WhipOutlet } from '../../../host-publisher/media/whip-outlet.ts';
import type { FromMedia } from '../../../host-publisher/media/messages.ts';
import { NativePublisher } from '../../../host-publisher/publish/native-publisher.ts';
import { Peer } from '../../../host-publisher/publish/peer.ts';
import { RtpStream } from '../../../host-publisher/publish/rtp-stream.ts';
import { Sender } from '../../../host-publisher/publish/sender.ts';
import { startEngine } from '../../bench/media-server.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { waitFor } from '../../support/wait-for.ts';

const PARTS = [WhipOutlet, Capture, Pipeline, NativePublisher, Peer, Sender, RtpStream];

/** Which of them there are, after everything that nobody holds was collected. */
const alive = (parts = PARTS): readonly string[] =>
  parts.filter((part) => queryObjects(part, { format: 'count' }) > 0).map(({ name }) => name);

it('leaves nothing of a publication that was connected, fed back to and closed', async () => {
  Object.assign(process.env, mediaEnvironment());
  const gst = loadGst();
  gst.init(null, null, [null]);
  const encoders = new EncoderChoice();
  const engine = await startEngine();
  onTestFinished(() => engine.close());

  const publishOnce = async (stream: string): Promise<void> => {
    const figures: number[] = [];
    const { signal } = new AbortController();
    const plan = aPlan({ sound: 'tone' });
    const tell = (message: FromMedia): void => {
      if (message.type === 'figures') figures.push(message.figures.rttMs ?? 0);
    };
    const capture = await Capture.open(gst, await findCapture(gst, plan, tell), signal);
    const equipment = await findWhip(gst, plan, encoders, tell);
    const publication = new WhipOutlet({ ...equipment, gst, plan, capture, tell });
    publication.ended.catch(() => undefined);
    const { sdp: body } = await publication.offer();
    const url = `${engine.apiUrl}/rtc/v1/whip/?app=live&stream=${stream}`;
    const headers = { 'content-type': 'application/sdp' };
    const reply = await fetch(url, { method: 'POST', headers, body });
    await publication.connect(await reply.text());
    await waitFor(() => figures.length > 0, { timeoutMs: 10_000, what: 'figures' });
    expect(alive([Sender])).toEqual(['Sender']);
    await publication.close();
    await capture.close();
  };
  for (let round = 0; round < 3; round += 1) await publishOnce(`memory-${round}`);
  // What the last one has asked of other threads may still be under way.
  let left = PARTS;
  const isClean = (): boolean => {
    const names = alive(left);
    left = left.filter(({ name }) => names.includes(name));
    return left.length === 0;
  };
  await waitFor(isClean, { timeoutMs: 15_000, what: 'it to be collected' }).catch(() => undefined);
  expect(left.map(({ name }) => name)).toEqual([]);
}, 60_000);
