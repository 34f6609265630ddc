/** A coded picture or packet of sound, in seconds since the file's start. */
export interface MediaPacket {
  readonly kind: 'video' | 'audio';
  readonly data: Uint8Array;
  readonly seconds: number;
  readonly duration: number;
  readonly key: boolean;
}

export interface VideoTrack {
  readonly codec: 'avc' | 'vp8' | 'vp9' | 'av1';
  readonly config: VideoDecoderConfig;
}

export interface AudioTrack {
  readonly codec: 'opus' | 'aac';
  readonly config: AudioDecoderConfig;
}

/** A file that was written by a media server, whole or not. */
export interface MediaSource {
  readonly video: VideoTrack | null;
  readonly audio: AudioTrack | null;
  /** Most packets that it holds of each kind. */
  readonly counts: Readonly<Record<'video' | 'audio', number>>;
  readonly endSeconds: number;
  /** The last place at or before `seconds` from which pictures can be decoded; 0 without one. */
  keyBefore(seconds: number): Promise<number>;
  /** In the order of time of each kind. */
  packets(): AsyncIterable<MediaPacket>;
  close(): Promise<void> | void;
}
