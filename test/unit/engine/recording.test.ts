import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PacketBatch, readBatch } from '../../../srs/embedded/dvr/packet-batch.ts';
import { Recording } from '../../../srs/embedded/dvr/recording.ts';
import { Reorder } from '../../../srs/embedded/dvr/reorder.ts';
import { Sound } from '../../../srs/embedded/dvr/sound.ts';
import { Timeline } from '../../../srs/embedded/dvr/timeline.ts';

const packet = (sequence: number, more: object = {}) => ({
  ...{ track: 0, sequence, timestamp: sequence * 960, marker: false, atMs: sequence * 20 },
  payload: Buffer.from([0xfc, sequence & 0xff]),
  ...more,
});

test('packets come out of a batch as they went in', () => {
  const batch = new PacketBatch();
  const given = [packet(70_000, { track: 3, marker: true }), packet(70_001)];
  for (const each of given) batch.add(each);
  expect([...readBatch(batch.take() ?? Buffer.alloc(0))]).toEqual(given);
  expect(batch.take()).toBeNull();
});

test('packets are put in order; what stays away is given up and said so', () => {
  const order = new Reorder();
  const numbers = (packets: Iterable<{ sequence: number } | null>) =>
    [...packets].map((each) => each?.sequence ?? null);
  expect(numbers(order.push(packet(1)))).toEqual([1]);
  expect(numbers(order.push(packet(3)))).toEqual([]);
  expect(numbers(order.push(packet(2)))).toEqual([2, 3]);
  expect(numbers(order.push(packet(5)))).toEqual([]);
  expect(numbers(order.expire(5 * 20 + 499))).toEqual([]);
  expect(numbers(order.expire(5 * 20 + 500))).toEqual([null, 5]);
  expect(numbers(order.push(packet(4)))).toEqual([]);
});

test('pictures are placed by the sender’s reports, beside sound that has no step', () => {
  const timeline = new Timeline();
  // The picture took 300 ms longer on its way than the sound of the same moment.
  expect(timeline.placeMs('audio', 0, 1000)).toBe(1000);
  expect(timeline.placeMs('video', 0, 1300)).toBe(1300);
  timeline.report('audio', 50_000, 48_000);
  timeline.report('video', 50_000, 90_000);
  expect(timeline.placeMs('video', 90_000, 2300)).toBe(2000);
  expect(timeline.placeMs('audio', 48_000, 2000)).toBe(2000);
  // 32 bits of RTP time go round.
  const round = new Timeline();
  round.placeMs('video', 0xffff_fff0, 0);
  expect(round.placeMs('video', 90_000 - 16, 1000)).toBeCloseTo(1000, 3);
});

test('[REC-92] a clock that jumps is taken from the time of arrival, and costs no silence', () => {
  for (const jump of [0x7fff_0000, 0x8000_1000, 48_000 * 11]) {
    const [timeline, sound] = [new Timeline(), new Sound()];
    const hear = (rtp: number, atMs: number) => {
      const placeMs = timeline.placeMs('audio', rtp >>> 0, atMs);
      sound.add(Buffer.from([0xfc, 1]), placeMs);
      return placeMs;
    };
    expect(hear(0, 0)).toBe(0);
    expect(hear(960, 20)).toBe(20);
    expect(hear(1920 + jump, 45)).toBe(45);
    expect(hear(2880 + jump, 60)).toBe(65);
    expect(sound.take().length).toBeLessThan(6);
  }
});

test('a burst after a silent path keeps its place', () => {
  const timeline = new Timeline();
  timeline.placeMs('audio', 0, 0);
  expect(timeline.placeMs('audio', 960, 9_000)).toBe(20);
});

test('holes in the sound are filled with silence, to the sample', () => {
  const sound = new Sound();
  sound.add(Buffer.from([0xfc, 1]), 0);
  sound.add(Buffer.from([0xfc, 2]), 100);
  sound.fill(200);
  const samples = sound.take();
  expect(samples.map(({ at }) => at)).toEqual(samples.map((_, index) => index * 960));
  expect(samples).toHaveLength(10);
  expect(samples.filter(({ data }) => data.length === 2).map(({ at }) => at)).toEqual([0, 4800]);
});

test('[REC-04] each second of a publication is on the disk when the next one is over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixelcast-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const recording = new Recording(
    join(folder, 'a.[timestamp].mp4'),
    { video: null, audio: true },
    { keyframeNeeded: () => undefined, fileEnded: () => undefined },
  );
  const batch = new PacketBatch();
  for (let sequence = 0; sequence < 500; sequence += 1) {
    batch.add(packet(sequence));
    if (sequence % 50 !== 49) continue;
    recording.take(batch.take() ?? expect.fail());
    recording.flush(sequence * 20);
  }
  const file = join(folder, 'a.0.mp4.tmp');
  const fragments = () => readFileSync(file).toString('latin1').split('moof').length - 1;
  await expect.poll(() => existsSync(file)).toBe(true);
  await expect.poll(fragments).toBe(10);
  await recording.end();
  expect(readdirSync(folder)).toEqual(['a.0.mp4']);
});
