import { describe, expect, it } from 'vitest';
import {
  readBufferCount,
  readFeedback,
  readSession,
} from '../../../host-publisher/publish/gstreamer/session-text.ts';

const packet = (sequence: number, remote: string, lost: boolean) =>
  `"RTPTWCCPacket\\,\\ seqnum\\=\\(uint\\)${sequence}\\,\\ local-ts\\=\\(guint64\\)14159498067500\\,` +
  `\\ remote-ts\\=\\(guint64\\)${remote}\\,\\ payload-type\\=\\(guchar\\)97\\,\\ size\\=\\(uint\\)81\\,` +
  `\\ lost\\=\\(boolean\\)${lost}\\;"`;

const source = (fields: string) =>
  `\\"application/x-rtp-source-stats\\\\\\,\\\\\\ ${fields.replaceAll(', ', '\\\\\\,\\\\\\ ').replaceAll('=', '\\\\\\=')}\\\\\\;\\"`;

describe('what GStreamer says of an RTP session', () => {
  it('tells each packet of a transport-wide feedback, lost ones too', () => {
    const text = `RTPTWCCPackets, packets=(GValueArray)< ${packet(96, '1000250000', false)}, ${packet(97, '18446744073709551615', true)} >;`;
    expect(readFeedback(text)).toEqual([
      { sequence: 96, bytes: 81, sentMs: 14_159_498.0675, arrivedMs: 1000.25 },
      { sequence: 97, bytes: 81, sentMs: 14_159_498.0675, arrivedMs: null },
    ]);
  });

  it('leaves out packets that it has forgotten', () => {
    const forgotten = packet(5, '1', false).replace('14159498067500', '18446744073709551615');
    expect(readFeedback(`RTPTWCCPackets, packets=(GValueArray)< ${forgotten} >;`)).toEqual([]);
  });

  it('adds up what is sent, and takes loss and round trip from the receiver', () => {
    const stats =
      'application/x-rtp-session-stats, source-stats=(GValueArray)< ' +
      source('internal=(boolean)true, octets-sent=(guint64)473050, packets-sent=(guint64)751') +
      source('internal=(boolean)true, octets-sent=(guint64)40661, packets-sent=(guint64)501') +
      source(
        'internal=(boolean)false, octets-sent=(guint64)9, have-rb=(boolean)true, ' +
          'rb-fractionlost=(uint)64, rb-exthighestseq=(uint)29865, rb-round-trip=(uint)2081',
      );
    expect(readSession(stats)).toEqual({
      octets: 513_711,
      packets: 1252,
      loss: 0.25,
      rttMs: (2081 / 65_536) * 1000,
      heard: '29865',
    });
  });

  it('is nothing before there is one', () => {
    expect(readSession('')).toEqual({ octets: 0, packets: 0, loss: null, rttMs: null, heard: '' });
    expect(readBufferCount('')).toBe(0);
  });

  it('counts frames', () => {
    const text =
      '"application/x-identity-stats\\,\\ num-bytes\\=\\(guint64\\)8476\\,\\ num-buffers\\=\\(guint64\\)28\\;"';
    expect(readBufferCount(text)).toBe(28);
  });
});
