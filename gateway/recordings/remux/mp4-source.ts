import { open, type FileHandle } from 'node:fs/promises';
import {
  CustomSource,
  EncodedPacketSink,
  Input,
  MP4,
  type EncodedPacket,
  type InputTrack,
} from 'mediabunny';
import type { AudioTrack, MediaPacket, MediaSource, VideoTrack } from './media-tracks.ts';
import { wholeBytes } from './whole-boxes.ts';

const VIDEO_CODECS = new Set(['avc', 'vp8', 'vp9', 'av1']);

interface Side {
  readonly kind: 'video' | 'audio';
  readonly sink: EncodedPacketSink;
}

/** A fragmented MP4, whole or cut off anywhere. */
export class Mp4Source implements MediaSource {
  readonly #opened: { readonly handle: FileHandle; readonly input: Input };
  readonly #sides: readonly Side[];
  readonly video: VideoTrack | null;
  readonly audio: AudioTrack | null;
  readonly counts: { readonly video: number; readonly audio: number };
  readonly endSeconds: number;

  /** Null when nothing in it was written to its end. @throws Error when it cannot be read. */
  static async open(file: string): Promise<Mp4Source | null> {
    const handle = await open(file, 'r');
    const size = await wholeBytes(handle);
    if (size === 0) {
      await handle.close();
      return null;
    }
    const input = inputOf(handle, size);
    try {
      const [video, audio] = [
        await input.getPrimaryVideoTrack(),
        await input.getPrimaryAudioTrack(),
      ];
      const sides = [...sideOf('video', video), ...sideOf('audio', audio)];
      const found = { counts: { video: 0, audio: 0 }, endSeconds: 0 };
      for (const { kind, sink } of sides) {
        for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
          found.counts[kind] += 1;
          found.endSeconds = Math.max(found.endSeconds, packet.timestamp + packet.duration);
        }
      }
      const videoConfig = (await video?.getDecoderConfig()) ?? null;
      const audioConfig = (await audio?.getDecoderConfig()) ?? null;
      return new Mp4Source({ handle, input }, sides, {
        ...found,
        video: videoConfig && videoTrack(await video?.getCodec(), videoConfig),
        audio: audioConfig && { codec: 'opus', config: audioConfig },
      });
    } catch (error) {
      input.dispose();
      await handle.close();
      throw error;
    }
  }

  private constructor(
    opened: { readonly handle: FileHandle; readonly input: Input },
    sides: readonly Side[],
    found: Pick<Mp4Source, 'video' | 'audio' | 'counts' | 'endSeconds'>,
  ) {
    this.#opened = opened;
    this.#sides = sides;
    this.video = found.video;
    this.audio = found.audio;
    this.counts = found.counts;
    this.endSeconds = found.endSeconds;
  }

  async keyBefore(seconds: number): Promise<number> {
    const side = this.#sides.find(({ kind }) => kind === 'video');
    const key = (await side?.sink.getKeyPacket(seconds, { metadataOnly: true })) ?? null;
    return key === null ? 0 : Math.max(0, key.timestamp);
  }

  /** The kinds turn by turn, whichever is due. */
  async *packets(): AsyncGenerator<MediaPacket> {
    const heads = await Promise.all(
      this.#sides.map(async (side) => ({ ...side, packet: await side.sink.getFirstPacket() })),
    );
    for (;;) {
      let due: (typeof heads)[number] | null = null;
      for (const head of heads) {
        if (head.packet !== null && head.packet.timestamp < (due?.packet?.timestamp ?? Infinity))
          due = head;
      }
      if (due?.packet == null) return;
      yield toPacket(due.kind, due.packet);
      due.packet = await due.sink.getNextPacket(due.packet);
    }
  }

  async close(): Promise<void> {
    this.#opened.input.dispose();
    await this.#opened.handle.close();
  }
}

function inputOf(handle: FileHandle, size: number): Input {
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    const bytes = Buffer.alloc(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  };
  const source = new CustomSource({ getSize: () => size, read, prefetchProfile: 'fileSystem' });
  return new Input({ source, formats: [MP4] });
}

const sideOf = (kind: Side['kind'], track: InputTrack | null): Side[] =>
  track === null ? [] : [{ kind, sink: new EncodedPacketSink(track) }];

function videoTrack(
  codec: string | null | undefined,
  config: VideoDecoderConfig,
): VideoTrack | null {
  return VIDEO_CODECS.has(codec ?? '') ? { codec: codec as VideoTrack['codec'], config } : null;
}

const toPacket = (kind: Side['kind'], packet: EncodedPacket): MediaPacket => ({
  kind,
  data: packet.data,
  seconds: packet.timestamp,
  duration: packet.duration,
  key: packet.type === 'key',
});
