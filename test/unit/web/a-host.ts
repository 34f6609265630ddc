import type { HostStatus, HostView } from '../../../gateway/protocol/host.ts';
import { DEFAULT_SOURCE } from '../../../gateway/protocol/ids.ts';

/** A cube at its best. */
export function aHostStatus(over: Partial<HostStatus> = {}): HostStatus {
  return {
    state: 'live',
    encoder: 'x264enc',
    codec: 'H264',
    publisher: 'native',
    picture: { width: 1280, height: 720, fps: 30, bitrateKbps: 2500 },
    fixed: { bitrateKbps: null, fps: null, size: null, content: null },
    message: null,
    ...over,
  };
}

/** The same as the API shows it. */
export function aHostView(over: Partial<HostView> = {}): HostView {
  return {
    source: DEFAULT_SOURCE,
    subject: 'machine',
    connectedAt: 0,
    capabilities: {
      version: '0.1.0',
      kind: 'cube',
      encoders: [{ name: 'x264enc', codec: 'H264', hardware: false }],
      publishers: ['native'],
      picture: { width: 1280, height: 720, fps: 30, bitrateKbps: 2500 },
      sound: true,
      onDemand: true,
      cursor: false,
      devices: [],
      clipboard: false,
      largestScreen: null,
      commands: [],
    },
    status: aHostStatus(),
    figures: {
      targetKbps: 2500,
      sentKbps: 2310,
      arrivedKbps: 2300,
      queueMs: 1,
      loss: 0,
      rttMs: 3,
      packets: 260,
      framesPerSecond: 30,
      encodeMs: 6,
      resent: 0,
      keyframeRequests: 0,
      keyframes: 0,
    },
    figuresAgeMs: 300,
    stripes: null,
    direct: null,
    audience: null,
    rttMs: 2,
    ...over,
  };
}
