/** A process full of load peers, driven by messages of its parent (`fleet.ts`). */
import { RtpViewer } from '../support/rtc/rtp-viewer.ts';
import { openPublisher, type BenchPublisher } from './bench-publisher.ts';
import type { FleetCount, ToFleet } from './fleet-messages.ts';
import { IdleViewer } from './idle-viewer.ts';
import { SignallingClient } from './signalling-client.ts';

const PARALLEL_JOINS = 16;
/** 266 video packets a second at 2 Mbit/s, as Chromium sends. */
const PACKET_BYTES = 960;

const signalling = new SignallingClient({ keepAlive: false });
const viewers: IdleViewer[] = [];
const probes: RtpViewer[] = [];
const probeLocations: string[] = [];
let publisher: BenchPublisher | null = null;
let loud = true;
let failed = 0;
let firstFailure: string | null = null;

process.on('message', (message) => void handle(message as ToFleet));
process.on('disconnect', () => process.exit(0));

async function handle(message: ToFleet): Promise<void> {
  try {
    await obey(message);
  } catch (error) {
    failed += 1;
    firstFailure ??= String(error);
  }
  process.send?.(count(), () => {
    // The library keeps the process alive for ever once a peer has lived.
    if (message.type === 'end') process.exit(0);
  });
}

async function obey(message: ToFleet): Promise<void> {
  switch (message.type) {
    case 'publish':
      publisher = await openPublisher(signalling, message.whipUrl, {
        bitsPerSecond: message.videoBitsPerSecond,
        packetBytes: PACKET_BYTES,
        rtx: false,
        lose: () => !loud,
      });
      for (let probe = 0; probe < message.probes; probe += 1) await addProbe(message.whepUrl);
      break;
    case 'grow':
      await grow(message.whepUrl, message.viewers);
      break;
    case 'sound':
      loud = message.loud;
      // Those who joined in silence wait for a key frame.
      if (loud) for (const probe of probes) probe.sendPli();
      break;
    case 'count':
      break;
    case 'end':
      await leaveAll();
      break;
    default:
      message satisfies never;
  }
}

/** Without NACK: what is missing stays missing. */
async function addProbe(url: string): Promise<void> {
  probes.push(await RtpViewer.connect((offer) => exchange(url, offer), { nack: false }));
}

async function exchange(url: string, offer: string): Promise<string> {
  const posted = await signalling.post(url, offer);
  if (posted.status !== 201) throw new Error(`POST: ${posted.status} ${posted.text}`);
  probeLocations.push(posted.location);
  return posted.text;
}

async function grow(url: string, wanted: number): Promise<void> {
  let left = wanted;
  const joinOn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      try {
        viewers.push(await IdleViewer.open(signalling, url));
      } catch (error) {
        failed += 1;
        firstFailure ??= String(error);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_JOINS }, joinOn));
}

async function leaveAll(): Promise<void> {
  for (const peer of [...viewers, ...probes]) peer.close();
  publisher?.peer.close();
  const all = [...viewers.map(({ location }) => location), ...probeLocations];
  if (publisher !== null) all.push(publisher.location);
  await Promise.allSettled(all.map((location) => signalling.delete(location)));
}

function count(): FleetCount {
  return {
    connected: viewers.filter(({ connected }) => connected).length,
    failed,
    firstFailure,
    published: publisher === null ? 0 : publisher.peer.video.packets + publisher.peer.audio.packets,
    publishedVideo: publisher?.peer.video.packets ?? 0,
    probed: probes.reduce((sum, { video }) => sum + video.packets, 0),
    missing: probes.reduce((sum, { video }) => sum + video.lost, 0),
    lateMs: probes.reduce((most, { video }) => Math.max(most, video.delayMs), 0),
  };
}
