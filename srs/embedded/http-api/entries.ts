import type { Edge } from '../edge.ts';
import type { LayerChoice, LayerStats, StreamCodecs } from '../media.ts';
import type { ClientEntry, StreamEntry, VhostEntry } from '../roster.ts';

/** The JSON objects of SRS's lists; members, names and order are SRS's, `layers` and `layer` ours. */

/** Which layer a viewer gets, and what it chose. */
export interface ClientLayer {
  readonly rid: string | null;
  readonly choice: LayerChoice;
}

export function toVhost(vhost: VhostEntry, streams: readonly StreamEntry[], nowMs: number): object {
  const own = streams.filter((stream) => stream.vhost === vhost);
  return {
    id: vhost.id,
    name: vhost.name,
    enabled: true,
    clients: own.reduce((sum, stream) => sum + stream.clientIds.size, 0),
    streams: own.filter((stream) => stream.publisher?.active === true).length,
    send_bytes: vhost.meter.sentBytes,
    recv_bytes: vhost.meter.receivedBytes,
    kbps: vhost.meter.kbps(nowMs),
    hls: { enabled: false },
  };
}

export function toStream(
  stream: StreamEntry,
  carried: StreamCodecs & { readonly layers: readonly LayerStats[] },
  { edge, nowMs }: { readonly edge: Edge; readonly nowMs: number },
): object {
  const { publisher, meter, name } = stream;
  const active = publisher?.active ?? false;
  return {
    id: stream.id,
    name: name.stream,
    vhost: stream.vhost.id,
    app: name.app,
    tcUrl: '',
    url: name.url,
    live_ms: nowMs,
    clients: stream.clientIds.size,
    // 6.x counts no frames and knows no codecs of a stream without an RTMP bridge.
    frames: edge.line === 6 ? 0 : stream.videoFrames,
    ...(edge.line === 6 ? {} : { video_frames: stream.videoFrames }),
    send_bytes: meter.sentBytes,
    recv_bytes: meter.receivedBytes,
    kbps: meter.kbps(nowMs),
    publish: publisher === null ? { active } : { active, cid: publisher.clientId },
    video: edge.line === 6 || !active ? null : toVideo(carried.video),
    audio: edge.line === 6 || !active ? null : toAudio(carried.audio),
    ...(carried.layers.length === 0 ? {} : { layers: carried.layers.map(toLayer) }),
  };
}

export function toClient(client: ClientEntry, layer: ClientLayer | null, nowMs: number): object {
  const { stream, meter } = client;
  return {
    id: client.id,
    vhost: stream.vhost.id,
    stream: stream.id,
    ip: client.ip,
    pageUrl: '',
    swfUrl: '',
    tcUrl: '',
    url: stream.name.url,
    name: stream.name.stream,
    type: client.kind === 'publish' ? 'rtc-publish' : 'rtc-play',
    publish: client.kind === 'publish',
    alive: (nowMs - client.joinedAt) / 1000,
    send_bytes: meter.sentBytes,
    recv_bytes: meter.receivedBytes,
    kbps: meter.kbps(nowMs),
    ...(layer === null ? {} : { layer: toClientLayer(layer) }),
  };
}

function toLayer({ rid, width, height, bitsPerSecond, active }: LayerStats): object {
  return { rid, width, height, bitrate: bitsPerSecond, active };
}

function toClientLayer({ rid, choice }: ClientLayer): object {
  const { rid: chosen, maxWidth, maxHeight } = choice;
  return { rid, chosen, max_width: maxWidth, max_height: maxHeight };
}

/** Profile, level and size stay unknown: packets are forwarded unread. */
function toVideo(codec: StreamCodecs['video']): object | null {
  if (codec === null) return null;
  const unknown = codec === 'H264' || codec === 'VP8' ? 'Other' : null;
  return { codec, profile: unknown, level: unknown, width: 0, height: 0 };
}

function toAudio(codec: StreamCodecs['audio']): object | null {
  return codec === null ? null : { codec, sample_rate: 48_000, channel: 2, profile: 'Other' };
}
