/** A process full of load peers, driven by messages of its parent (`fleet.ts`). */
import type { FleetCount, ToFleet } from './fleet-messages.ts';
import { LoadPeer } from './load-peer.ts';
import { RtpSource } from './rtp-source.ts';
import { SequenceCount } from './sequence-count.ts';
import { SignallingClient } from './signalling-client.ts';

const PARALLEL_JOINS = 16;

const signalling = new SignallingClient({ keepAlive: false });
const viewers: LoadPeer[] = [];
const probes: { readonly peer: LoadPeer; readonly count: SequenceCount }[] = [];
let publisher: { readonly peer: LoadPeer; readonly source: RtpSource } | null = null;
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
      publisher = await publish(message.whipUrl, message.videoBitsPerSecond);
      for (let probe = 0; probe < message.probes; probe += 1) await addProbe(message.whepUrl);
      break;
    case 'grow':
      await grow(message.whepUrl, message.viewers);
      break;
    case 'count':
      break;
    case 'end':
      publisher?.source.close();
      await leaveAll();
      break;
    default:
      message satisfies never;
  }
}

async function publish(url: string, videoBitsPerSecond: number): Promise<typeof publisher> {
  const rtcp: Buffer[] = [];
  let hear = (packet: Buffer): void => void rtcp.push(packet);
  const peer = await LoadPeer.open(signalling, {
    kind: 'publish',
    url,
    onVideo: (packet) => hear(packet),
  });
  const source = new RtpSource(peer, { videoBitsPerSecond });
  hear = (packet) => source.hear(packet);
  return { peer, source };
}

async function addProbe(url: string): Promise<void> {
  const count = new SequenceCount();
  const onVideo = (packet: Buffer): void => count.take(packet);
  probes.push({ peer: await LoadPeer.open(signalling, { kind: 'watch', url, onVideo }), count });
}

async function grow(url: string, wanted: number): Promise<void> {
  let left = wanted;
  const joinOn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      try {
        viewers.push(await LoadPeer.open(signalling, { kind: 'watch', url }));
      } catch (error) {
        failed += 1;
        firstFailure ??= String(error);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_JOINS }, joinOn));
}

async function leaveAll(): Promise<void> {
  const peers = [...viewers, ...probes.map(({ peer }) => peer)];
  if (publisher !== null) peers.push(publisher.peer);
  for (const peer of peers) peer.close();
  const deleted = peers.map(({ location }) => signalling.delete(location));
  await Promise.allSettled(deleted);
}

function count(): FleetCount {
  return {
    connected: viewers.filter(({ connected }) => connected).length,
    failed,
    firstFailure,
    published: publisher?.source.packets ?? 0,
    probed: probes.reduce((sum, probe) => sum + probe.count.received, 0),
    missing: probes.reduce((sum, probe) => sum + probe.count.missing, 0),
  };
}
