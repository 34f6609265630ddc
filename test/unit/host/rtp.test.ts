import { describe, expect, it, vi } from 'vitest';
import { ResendBudget } from '../../../host-publisher/publish/resend-budget.ts';
import { RtpStream } from '../../../host-publisher/publish/rtp-stream.ts';
import { KeyframeGate } from '../../../host-publisher/publish/keyframe-gate.ts';
import { PacketRing } from '../../../host-publisher/publish/rtp/packet-ring.ts';
import { readRtcp } from '../../../host-publisher/publish/rtp/rtcp-read.ts';
import {
  isPlainRtp,
  payloadBytesOf,
  readdress,
  stamp,
} from '../../../host-publisher/publish/rtp/rtp-packet.ts';
import {
  roundTripMs,
  writeSenderReport,
} from '../../../host-publisher/publish/rtp/sender-report.ts';
import { parseRtp, readExtension16 } from '../../../srs/embedded/rtc/rtp/header.ts';
import { readPlayoutDelay } from '../../../srs/embedded/rtc/rtp/playout-delay.ts';
import { readRtcp as readAtServer } from '../../../srs/embedded/rtc/rtp/rtcp-read.ts';
import {
  writeNack,
  writePli,
  writeReceiverReport,
  writeRemb,
} from '../../../srs/embedded/rtc/rtp/rtcp-write.ts';
import { TransportCc } from '../../../srs/embedded/rtc/rtp/transport-cc.ts';

const packetOf = (sequence: number, marker = true): Buffer => {
  const packet = Buffer.alloc(112, 0xab);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((marker ? 0x80 : 0) | 96, 1);
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(90_000, 4);
  packet.writeUInt32BE(0xcafe, 8);
  return packet;
};

describe('an RTP packet on its way out', () => {
  it.each([
    ['a transport-wide number', null],
    ['a transport-wide number and that it is not to be held back', { id: 4, mostMs: 0 }],
    ['a transport-wide number and how long it may be held back', { id: 4, mostMs: 2_570 }],
  ])('gets the payload type and %s, and keeps the rest', (_what, playoutDelay) => {
    const out = readdress(packetOf(7), { payloadType: 102, transportCcId: 3, playoutDelay });
    stamp(out, 0x1_beef);
    expect(payloadBytesOf(out)).toBe(packetOf(7).length - 12);
    const header = parseRtp(out);
    if (header === null) throw new Error('no RTP');
    expect(header).toMatchObject({ payloadType: 102, marker: true, sequence: 7, ssrc: 0xcafe });
    expect(readExtension16(out, header, 3)).toBe(0xbeef);
    expect(readPlayoutDelay(out, header, 4)).toBe(
      playoutDelay === null ? null : playoutDelay.mostMs / 10,
    );
    expect(out.subarray(header.payloadStart).equals(packetOf(7).subarray(12))).toBe(true);
  });

  it('has no extension where the server wants none', () => {
    const none = { payloadType: 111, transportCcId: null, playoutDelay: null };
    const out = readdress(packetOf(7, false), none);
    expect(payloadBytesOf(out)).toBe(packetOf(7, false).length - 12);
    expect(out.length).toBe(112);
    expect(parseRtp(out)).toMatchObject({ payloadType: 111, marker: false });
  });

  it('is plain', () => {
    expect(isPlainRtp(packetOf(1))).toBe(true);
    expect(isPlainRtp(Buffer.alloc(11, 0x80))).toBe(false);
    const extended = packetOf(1);
    extended.writeUInt8(0x90, 0);
    expect(isPlainRtp(extended)).toBe(false);
  });
});

describe('the ring of sent packets', () => {
  it('gives a packet again, but not twice within a round trip', () => {
    const ring = new PacketRing(8);
    ring.add(packetOf(65_535));
    ring.add(packetOf(0));
    expect(ring.take(65_535, 0, 25)?.readUInt16BE(2)).toBe(65_535);
    expect(ring.take(65_535, 10, 25)).toBeNull();
    expect(ring.take(65_535, 40, 25)).not.toBeNull();
  });

  it('has neither the overwritten nor the never sent', () => {
    const ring = new PacketRing(8);
    for (let sequence = 0; sequence < 20; sequence += 1) ring.add(packetOf(sequence));
    expect(ring.take(3, 0, 25)).toBeNull();
    expect(ring.take(12, 0, 25)).not.toBeNull();
    expect(ring.take(500, 0, 25)).toBeNull();
  });

  it('does not hand out what is a whole turn of numbers old', () => {
    const ring = new PacketRing(1_000);
    ring.add(packetOf(10));
    ring.add(packetOf(30_000));
    expect(ring.take(10, 0, 25)).toBeNull();
  });
});

describe('an outgoing stream', () => {
  const open = (up = true) => {
    const sent: Buffer[] = [];
    let number = 0;
    const start = { ssrc: 0xcafe, timestampOffset: 0xffff_ffff };
    const outlet = {
      number: () => number++,
      send: (packet: Buffer) => up && sent.push(Buffer.from(packet)) > 0,
    };
    const accepted = { payloadType: 102, transportCcId: 3, playoutDelay: { id: 4, mostMs: 0 } };
    return { sent, stream: new RtpStream(start, 90_000, accepted, outlet) };
  };
  const transportNumberOf = (packet: Buffer): number | null => {
    const header = parseRtp(packet);
    return header === null ? null : readExtension16(packet, header, 3);
  };

  it('sends what was lost again, under a new transport-wide number', () => {
    const { sent, stream } = open();
    for (let sequence = 0; sequence < 5; sequence += 1) stream.take(packetOf(sequence));
    expect(stream.resend([1, 3, 99], 0, 25, () => true)).toBe(2);
    expect(sent.map((packet) => packet.readUInt16BE(2))).toEqual([0, 1, 2, 3, 4, 1, 3]);
    expect(sent.map(transportNumberOf)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(stream).toMatchObject({ packets: 5, octets: 500, frames: 5 });
  });

  it('sends nothing again that is on its way or beyond the budget', () => {
    const { stream } = open();
    for (let sequence = 0; sequence < 5; sequence += 1) stream.take(packetOf(sequence));
    expect(stream.resend([1, 2], 0, 500, () => true)).toBe(2);
    expect(stream.resend([1, 2, 3], 400, 500, () => true)).toBe(1);
    expect(stream.resend([1, 2], 600, 500, () => false)).toBe(0);
  });

  it('repairs with a fifth of the rate, saved up for a quarter of a second', () => {
    const budget = new ResendBudget();
    const takeAll = (nowMs: number): number => {
      let taken = 0;
      while (budget.take(1000, nowMs, 800)) taken += 1;
      return taken;
    };
    expect(takeAll(1_000)).toBe(5);
    expect(takeAll(1_049)).toBe(0);
    expect(takeAll(1_050)).toBe(1);
    expect(takeAll(60_000)).toBe(5);
  });

  it('counts nothing that did not go out', () => {
    const { stream } = open(false);
    expect(stream.take(packetOf(1))).toBe(false);
    expect(stream.packets).toBe(0);
  });

  it('reports the timestamp of a moment of the pipeline', () => {
    const { sent, stream } = open();
    stream.report(0, 0n, 'host');
    expect(sent).toEqual([]);
    stream.take(packetOf(1));
    stream.report(1_795_000_000_000, 2_000_000_000n, 'host');
    expect(readAtServer(sent[1] ?? Buffer.alloc(0))).toMatchObject([{ rtp: 179_999 }]);
  });
});

describe('RTCP from a server', () => {
  it('is read message by message', () => {
    const report = {
      ssrc: 5,
      fractionLost: 64,
      lost: 1,
      highestSequence: 9,
      jitter: 0,
      lastReport: 77,
      sinceLastReport: 88,
    };
    const compound = Buffer.concat([
      writeReceiverReport(1, [report]),
      writePli(1, 5),
      writeNack(1, 5, [10, 12, 27]),
      writeRemb(1, 1_500_000, [5]),
    ]);
    expect(readRtcp(compound)).toEqual([
      { type: 'report', ssrc: 5, fractionLost: 0.25, lastReport: 77, sinceLastReport: 88 },
      { type: 'keyframe' },
      { type: 'nack', ssrc: 5, sequences: [10, 12, 27] },
      { type: 'remb', bitsPerSecond: 1_500_000 },
    ]);
  });

  it('tells when which packet arrived', () => {
    const log = new TransportCc();
    const arrivals = [0, 5, 11.25, 400, 401];
    const lost = new Set([2]);
    arrivals.forEach((at, index) => {
      if (!lost.has(index)) log.arrived((65_534 + index) & 0xffff, 1_000 + at);
    });
    const [message] = log.feedback(1, 5).flatMap((packet) => readRtcp(packet));
    if (message?.type !== 'transport') throw new Error('no transport feedback');
    expect(message.packets.map(({ sequence }) => sequence)).toEqual([65_534, 65_535, 0, 1, 2]);
    const [first] = message.packets;
    const relative = message.packets.map(({ arrivedMs }) =>
      arrivedMs === null ? null : arrivedMs - (first?.arrivedMs ?? 0),
    );
    expect(relative).toEqual([0, 5, null, 400, 401]);
  });

  it('tells of packets that overtook each other', () => {
    const log = new TransportCc();
    log.arrived(1, 1_010);
    log.arrived(0, 1_070);
    log.arrived(2, 1_030);
    const [message] = log.feedback(1, 5).flatMap((packet) => readRtcp(packet));
    if (message?.type !== 'transport') throw new Error('no transport feedback');
    const [first = 0, second = 0, third = 0] = message.packets.map(
      ({ arrivedMs }) => arrivedMs ?? 0,
    );
    expect([second - first, third - first]).toEqual([-60, -40]);
  });

  it('understands runs of one status', () => {
    // Three packets, all small deltas of 1 ms (4 ticks), as one run-length chunk.
    const message = Buffer.from(
      '8fcd0005000000010000000500640003000001000000000000',
      'hex',
    ).subarray(0, 20);
    const rest = Buffer.from('200304040400'.padEnd(8, '0'), 'hex');
    const packet = Buffer.concat([message, rest.subarray(0, 4), Buffer.from('04000000', 'hex')]);
    packet.writeUInt16BE(packet.length / 4 - 1, 2);
    packet.writeUInt16BE(0x2003, 20);
    packet.set([4, 4, 4], 22);
    const [read] = readRtcp(packet);
    expect(read).toEqual({
      type: 'transport',
      packets: [
        { sequence: 100, arrivedMs: 65 },
        { sequence: 101, arrivedMs: 66 },
        { sequence: 102, arrivedMs: 67 },
      ],
    });
  });

  it('survives every truncation and every flipped byte', () => {
    const log = new TransportCc();
    for (let n = 0; n < 40; n += 3) log.arrived(n, n * 2);
    const whole = Buffer.concat([
      ...log.feedback(1, 2),
      writeNack(1, 2, [1, 9]),
      writeRemb(1, 5, [2]),
    ]);
    for (let at = 0; at < whole.length; at += 1) {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ 0xff;
      expect(() => [readRtcp(whole.subarray(0, at)), readRtcp(broken)]).not.toThrow();
    }
  });
});

describe('a sender report', () => {
  it('is what a server reads', () => {
    const clock = {
      ssrc: 9,
      wallMs: 1_795_000_000_500,
      rtpTimestamp: 1234,
      packets: 5,
      octets: 6,
      cname: 'host',
    };
    const packet = writeSenderReport(clock);
    expect(packet.length % 4).toBe(0);
    expect(readAtServer(packet)).toMatchObject([
      { type: 'sender-report', ssrc: 9, rtp: 1234, ntpMs: 1_795_000_000_500 + 2_208_988_800_000 },
    ]);
  });

  it('comes back as a round trip', () => {
    const sentMs = 1_795_000_000_000;
    const packet = writeSenderReport({
      ssrc: 9,
      wallMs: sentMs,
      rtpTimestamp: 0,
      packets: 1,
      octets: 1,
      cname: 'x',
    });
    const lastReport = packet.readUInt32BE(10);
    expect(
      roundTripMs(sentMs + 130, { lastReport, sinceLastReport: Math.round(0.1 * 65_536) }),
    ).toBeCloseTo(30, 0);
    expect(roundTripMs(sentMs, { lastReport: 0, sinceLastReport: 0 })).toBeNull();
  });
});

describe('the key frame gate', () => {
  it('passes one a second, and the last request too', () => {
    vi.useFakeTimers();
    try {
      let now = 0;
      const forced: number[] = [];
      const gate = new KeyframeGate(
        () => forced.push(now),
        () => now,
      );
      gate.ask();
      now = 100;
      gate.ask();
      gate.ask();
      now = 1000;
      vi.advanceTimersByTime(900);
      expect(forced).toEqual([0, 1000]);
      now = 3000;
      gate.ask();
      expect(forced).toEqual([0, 1000, 3000]);
      gate.close();
    } finally {
      vi.useRealTimers();
    }
  });
});
