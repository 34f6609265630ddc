import { expect, test } from 'vitest';

import type { Codec } from '../../../srs/embedded/rtc/codec.ts';
import { startsKeyframe } from '../../../srs/embedded/rtc/rtp/keyframe.ts';

const starts = (codec: Codec, hex: string): boolean => {
  const payload = Buffer.from(hex, 'hex');
  return startsKeyframe(codec, payload, 0, payload.length);
};

test.each<[Codec, string, string]>([
  ['H264', 'a lone SPS', '6742e01f'],
  ['H264', 'a lone IDR slice', '65888400'],
  ['H264', 'STAP-A with SPS and PPS', '78' + '000467420001' + '000268ce'],
  ['H264', 'STAP-A with SEI before the IDR', '78' + '00020605' + '00026588'],
  ['H264', 'the first FU-A of an IDR', '7c85aa'],
  ['VP8', 'S=1, PID=0, P=0', '1010'],
  ['VP8', 'with picture id of 15 bits, TL0PICIDX and TID', '90e0' + '8123' + '05' + '20' + '10'],
  ['VP9', 'P=0, B=1', '0c00'],
  ['VP9', 'with picture id and layer 0', 'a8' + '81ff' + '00' + '00'],
  ['AV1', 'N=1', '1800'],
])('%s: %s starts a key frame', (codec, _what, hex) => {
  expect(starts(codec, hex)).toBe(true);
});

test.each<[Codec, string, string]>([
  ['H264', 'a P slice', '419a00'],
  ['H264', 'a PPS alone', '68ce3c80'],
  ['H264', 'a later FU-A of an IDR', '7c05aa'],
  ['H264', 'the first FU-A of a P slice', '7c81aa'],
  ['H264', 'STAP-A of P slices', '78' + '0002419a' + '0002419b'],
  ['H264', 'a STAP-A cut short', '7800'],
  ['VP8', 'a delta frame', '1011'],
  ['VP8', 'a key frame’s later packet', '0010'],
  ['VP8', 'a descriptor cut short', '90'],
  ['VP9', 'an inter picture', '4c00'],
  ['VP9', 'a later packet', '0400'],
  ['VP9', 'an upper spatial layer', '28' + '02' + '00'],
  ['AV1', 'N=0', '1000'],
  ['Opus', 'sound', 'fc00'],
  ['H264', 'nothing', ''],
])('%s: %s does not', (codec, _what, hex) => {
  expect(starts(codec, hex)).toBe(false);
});
