import { describe, expect, test } from 'vitest';
import { Relay } from '../../../../gateway/carriage/relay.ts';
import { partsOf, missingOf } from '../../../../gateway/carriage/rtcp.ts';
import { writeHeader } from '../../../../srs/embedded/rtc/rtp/header.ts';
import {
  writeNack,
  writePli,
  writeReceiverReport,
  writeRemb,
  writeSenderReport,
} from '../../../../srs/embedded/rtc/rtp/rtcp-write.ts';

const SSRC = 77;

function anRtp(sequence: number, ssrc = SSRC): Buffer {
  const packet = Buffer.alloc(40, 7);
  writeHeader(packet, { marker: false, payloadType: 102, sequence, timestamp: 9000, ssrc });
  return packet;
}

/** A relay with what went each way, and a clock that stands still. */
function aRelay() {
  const forth: Buffer[] = [];
  const back: Buffer[] = [];
  const clock = { now: 1_000 };
  const relay = new Relay({
    forth: (packet) => forth.push(packet) > 0,
    back: (packet) => back.push(packet) > 0,
    now: () => clock.now,
  });
  return { relay, forth, back, clock };
}

describe('[CARRY-10] a relay', () => {
  test('passes media and sender reports on, byte for byte', () => {
    const { relay, forth, back } = aRelay();
    const report = writeSenderReport({
      ...{ ssrc: SSRC, ntpMs: 4e12, rtp: 9000, packets: 1, octets: 28, cname: 'a' },
    });
    const packets = [anRtp(1), report, anRtp(2)];
    for (const packet of packets) relay.pulled(Buffer.from(packet));
    expect(forth).toEqual(packets);
    expect(back).toEqual([]);
    expect(relay.counts).toMatchObject({ packets: 2, bytes: 80 });
  });

  test('repairs out of its memory what it has, and asks for what it never got', () => {
    const { relay, forth, back } = aRelay();
    for (const sequence of [65_534, 65_535, 1]) relay.pulled(anRtp(sequence));
    forth.length = 0;
    relay.returned(writeNack(5, SSRC, [65_535, 0]));
    expect(forth).toEqual([anRtp(65_535)]);
    const [asked] = back.flatMap((packet) => partsOf(packet));
    expect(asked && missingOf(asked)).toEqual({ ssrc: SSRC, sequences: [0] });
    expect(relay.counts.resent).toBe(1);
  });

  test('forgets what SRTP would not send any more', () => {
    const { relay, forth, back } = aRelay();
    for (let sequence = 0; sequence < 600; sequence += 1) relay.pulled(anRtp(sequence));
    forth.length = 0;
    relay.returned(writeNack(5, SSRC, [1, 599]));
    expect(forth).toEqual([anRtp(599)]);
    expect(back).toHaveLength(1);
  });

  test('passes wishes for a key frame back, not more often than each 300 ms, and none is lost', () => {
    const { relay, back, clock } = aRelay();
    relay.returned(writePli(5, SSRC));
    relay.returned(writePli(6, SSRC));
    expect(back).toEqual([writePli(5, SSRC)]);
    clock.now += 300;
    relay.tick();
    expect(back.at(-1)).toEqual(writePli(6, SSRC));
    const before = back.length;
    clock.now += 300;
    relay.tick();
    expect(back.slice(before).map((packet) => packet[1])).toEqual([201]);
  });

  test('passes receiver reports back, and no estimate of bandwidth', () => {
    const { relay, back } = aRelay();
    const block = {
      ...{ ssrc: SSRC, fractionLost: 0, lost: 0, highestSequence: 9, jitter: 0 },
      ...{ lastReport: 0, sinceLastReport: 0 },
    };
    const report = writeReceiverReport(5, [block]);
    relay.returned(Buffer.concat([report, writeRemb(5, 1_000_000, [SSRC])]));
    expect(back).toEqual([report]);
  });

  test('is not hurt by what is no RTP and no RTCP', () => {
    const { relay, forth, back } = aRelay();
    for (const bytes of [[], [0x80], [0x80, 200, 0, 9, 1], [0x81, 205, 0, 1, 0, 0, 0, 1]]) {
      relay.pulled(Buffer.from(bytes));
      relay.returned(Buffer.from(bytes));
    }
    expect(forth).toEqual([]);
    expect(back.length).toBeLessThanOrEqual(1);
  });
});
