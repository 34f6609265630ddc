import type { BrowserContext, Page } from 'playwright-core';

declare global {
  interface Window {
    /** Every peer connection that the page has made, in order. */
    testPeers?: RTCPeerConnection[];
  }
}

/** Sums over all peer connections of a page; zero where the browser reports nothing. */
export interface InboundStats {
  readonly framesReceived: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly keyFramesDecoded: number;
  readonly freezeCount: number;
  readonly freezeSeconds: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly videoPackets: number;
  readonly videoPacketsLost: number;
  readonly videoBytes: number;
  readonly nackCount: number;
  readonly pliCount: number;
  readonly audioPackets: number;
  readonly audioPacketsLost: number;
  /** Grows while something is heard: seconds times squared level. */
  readonly audioEnergy: number;
  readonly concealedSamples: number;
}

/** Sums over all peer connections of a page. */
export interface OutboundStats {
  readonly framesEncoded: number;
  readonly framesSent: number;
  readonly keyFramesEncoded: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly videoPackets: number;
  readonly videoBytes: number;
  readonly retransmittedPackets: number;
  readonly nackCount: number;
  readonly pliCount: number;
  readonly audioPackets: number;
}

/** Makes every page of the context keep its peer connections in `window.testPeers`. */
export async function recordPeerConnections(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    window.testPeers = peers;
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        peers.push(this);
      }
    };
  });
}

/** `connectionState` of each peer connection of the page. */
export function readConnectionStates(page: Page): Promise<RTCPeerConnectionState[]> {
  return page.evaluate(() => (window.testPeers ?? []).map((peer) => peer.connectionState));
}

/** What the page has received so far. */
export async function readInbound(page: Page): Promise<InboundStats> {
  const { video, audio } = await sumReports(page, 'inbound-rtp');
  return {
    framesReceived: video['framesReceived'] ?? 0,
    framesDecoded: video['framesDecoded'] ?? 0,
    framesDropped: video['framesDropped'] ?? 0,
    keyFramesDecoded: video['keyFramesDecoded'] ?? 0,
    freezeCount: video['freezeCount'] ?? 0,
    freezeSeconds: video['totalFreezesDuration'] ?? 0,
    frameWidth: video['frameWidth'] ?? 0,
    frameHeight: video['frameHeight'] ?? 0,
    videoPackets: video['packetsReceived'] ?? 0,
    videoPacketsLost: video['packetsLost'] ?? 0,
    videoBytes: video['bytesReceived'] ?? 0,
    nackCount: video['nackCount'] ?? 0,
    pliCount: video['pliCount'] ?? 0,
    audioPackets: audio['packetsReceived'] ?? 0,
    audioPacketsLost: audio['packetsLost'] ?? 0,
    audioEnergy: audio['totalAudioEnergy'] ?? 0,
    concealedSamples: audio['concealedSamples'] ?? 0,
  };
}

/** What the page has sent so far. */
export async function readOutbound(page: Page): Promise<OutboundStats> {
  const { video, audio } = await sumReports(page, 'outbound-rtp');
  return {
    framesEncoded: video['framesEncoded'] ?? 0,
    framesSent: video['framesSent'] ?? 0,
    keyFramesEncoded: video['keyFramesEncoded'] ?? 0,
    frameWidth: video['frameWidth'] ?? 0,
    frameHeight: video['frameHeight'] ?? 0,
    videoPackets: video['packetsSent'] ?? 0,
    videoBytes: video['bytesSent'] ?? 0,
    retransmittedPackets: video['retransmittedPacketsSent'] ?? 0,
    nackCount: video['nackCount'] ?? 0,
    pliCount: video['pliCount'] ?? 0,
    audioPackets: audio['packetsSent'] ?? 0,
  };
}

type Sums = Record<string, number>;

/** Numbers of all reports of one type, added up per kind; closed peers report nothing. */
function sumReports(page: Page, type: string): Promise<{ video: Sums; audio: Sums }> {
  return page.evaluate(async (wanted) => {
    const sums: { video: Sums; audio: Sums } = { video: {}, audio: {} };
    for (const peer of window.testPeers ?? []) {
      const reports = await peer.getStats();
      reports.forEach((report: Record<string, unknown>) => {
        if (report['type'] !== wanted) return;
        const sum = report['kind'] === 'video' ? sums.video : sums.audio;
        for (const [name, value] of Object.entries(report)) {
          if (typeof value === 'number') sum[name] = (sum[name] ?? 0) + value;
        }
      });
    }
    return sums;
  }, type);
}
