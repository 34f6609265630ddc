import type { VideoCodec } from '../../../srs/embedded/rtc/codec.ts';

/** RTP payloads of one frame: the right packet headers around meaningless pictures. */
export const packetizeFrame = (
  codec: VideoCodec,
  frame: { readonly key: boolean; readonly bytes: number; readonly packetBytes: number },
): Buffer[] => {
  const count = Math.max(1, Math.ceil(frame.bytes / frame.packetBytes));
  const sizes = Array.from({ length: count }, (_, index) =>
    Math.max(16, Math.min(frame.packetBytes, frame.bytes - index * frame.packetBytes)),
  );
  const payloads = sizes.map((bytes, index) => {
    const place = { key: frame.key, first: index === 0, last: index === count - 1 };
    return Buffer.concat([DESCRIPTORS[codec](place), Buffer.alloc(bytes, 0x55)]);
  });
  return codec === 'H264' && frame.key ? [PARAMETER_SETS, ...payloads] : payloads;
};

interface Place {
  readonly key: boolean;
  readonly first: boolean;
  readonly last: boolean;
}

const SPS = Buffer.from('6742e01fda014016e8', 'hex');
const PPS = Buffer.from('68ce3c80', 'hex');
const sized = (nal: Buffer): Buffer => Buffer.concat([Buffer.from([0, nal.length]), nal]);
/** STAP-A with SPS and PPS, as browsers send it before each IDR. */
const PARAMETER_SETS = Buffer.concat([Buffer.from([0x78]), sized(SPS), sized(PPS)]);

const DESCRIPTORS: Readonly<Record<VideoCodec, (place: Place) => Buffer>> = {
  // FU-A with start and end bits; NAL 5 is an IDR slice, 1 another.
  H264: ({ key, first, last }) =>
    Buffer.from([0x7c, (first ? 0x80 : 0) | (last ? 0x40 : 0) | (key ? 5 : 1)]),
  // Descriptor with S, then the frame header whose lowest bit says "not a key frame".
  VP8: ({ key, first }) => Buffer.from([first ? 0x10 : 0, first && key ? 0x10 : 0x11]),
  VP9: ({ key, first, last }) =>
    Buffer.from([(key ? 0 : 0x40) | (first ? 0x08 : 0) | (last ? 0x04 : 0)]),
  // Aggregation header: Z, Y, W=1 and N.
  AV1: ({ key, first, last }) =>
    Buffer.from([(first ? 0 : 0x80) | (last ? 0 : 0x40) | 0x10 | (first && key ? 0x08 : 0)]),
};
