import { expect, onTestFinished, test, vi } from 'vitest';
import type { HostFigures } from '../../../gateway/protocol/host.ts';
import type { Adaptation } from '../../../host-publisher/adaptation/adaptation.ts';
import type { Traffic } from '../../../host-publisher/publish/publisher.ts';
import { RateControl } from '../../../host-publisher/publish/rate-control.ts';
import { Sender } from '../../../host-publisher/publish/sender.ts';

const START = { ssrc: 7, timestampOffset: 0xffff_ff00 };
const ACCEPTED = { payloadType: 96, transportCcId: null, playoutDelay: null };

/** A packet of a picture that was captured at a moment, as a payloader makes it. */
function aPacket(capturedMs: number, isLast: boolean): Buffer {
  const packet = Buffer.alloc(40);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((isLast ? 0x80 : 0) | 96, 1);
  packet.writeUInt32BE((START.timestampOffset + capturedMs * 90) >>> 0, 4);
  packet.writeUInt32BE(START.ssrc, 8);
  return packet;
}

test('[FIG-10] a picture is encoded when its last packet comes, counted from its timestamp', () => {
  let nowMs = 0;
  let isConnected = true;
  const sender = new Sender({
    peer: { send: () => isConnected },
    answer: { video: ACCEPTED, audio: null },
    ...{ video: START, audio: null, cname: 'c', targetKbps: 1_000 },
    runningTimeNs: () => BigInt(nowMs * 1_000_000),
    onKeyframeWish: () => undefined,
    onSilence: () => undefined,
  });
  onTestFinished(() => sender.close());
  const arrive = (atMs: number, packet: Buffer): void => {
    nowMs = atMs;
    sender.picture(packet);
  };
  arrive(10, aPacket(4, false));
  expect(sender.traffic).toMatchObject({ frames: 0, encodeSumMs: 0 });
  arrive(12, aPacket(4, true));
  expect(sender.traffic).toMatchObject({ frames: 1, encodeSumMs: 8 });
  arrive(40, aPacket(37, true));
  expect(sender.traffic).toMatchObject({ frames: 2, encodeSumMs: 11 });
  arrive(60, aPacket(61, true));
  expect(sender.traffic).toMatchObject({ frames: 3, encodeSumMs: 11 });
  isConnected = false;
  arrive(90, aPacket(70, true));
  expect(sender.traffic).toMatchObject({ frames: 3, encodeSumMs: 11 });
});

test('[FIG-10] figures have the mean of their second, and none where nothing was sent or known', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const idle = { octets: 0, packets: 0, resent: 0, keyframeRequests: 0, keyframes: 0, rttMs: null };
  let traffic: Traffic = { ...idle, frames: 100, encodeSumMs: 900 };
  const told: HostFigures[] = [];
  const control = new RateControl({
    publisher: {
      observe: () => ({ by: 'reports', loss: null, rembKbps: null }),
      get traffic() {
        return traffic;
      },
    },
    adaptation: {
      picture: { bitrateKbps: 1 },
      look: () => undefined,
    } as unknown as Adaptation,
    onFigures: (figures) => void told.push(figures),
  });
  onTestFinished(() => control.close());
  for (const now of [
    { frames: 130, encodeSumMs: 1_050 },
    { frames: 130, encodeSumMs: 1_050 },
    { frames: 160, encodeSumMs: null },
  ]) {
    traffic = { ...idle, ...now };
    vi.advanceTimersByTime(1_000);
  }
  expect(told.map(({ encodeMs }) => encodeMs)).toEqual([5, null, null]);
});
