/** 20 ms of silence: CELT, full band, stereo, one frame. */
export const SILENCE = Buffer.from([0xfc, 0xff, 0xfe]);
export const SILENCE_SAMPLES = 960;

/** RFC 6716 §3.1: frame durations of the configurations in a TOC, in samples of 48 kHz. */
const SILK = [480, 960, 1920, 2880];
const CELT = [120, 240, 480, 960];

/** How many samples of 48 kHz a packet holds; 0 when it is none. */
export function opusSamples(packet: Buffer): number {
  const [toc = 0] = packet;
  if (packet.length === 0) return 0;
  const configuration = toc >> 3;
  const frame =
    configuration < 12
      ? SILK[configuration % 4]
      : configuration < 16
        ? [480, 960][configuration % 2]
        : CELT[configuration % 4];
  return (frame ?? 0) * framesIn(packet, toc & 0x03);
}

function framesIn(packet: Buffer, code: number): number {
  if (code === 0) return 1;
  return code === 3 ? (packet[1] ?? 0) & 0x3f : 2;
}
