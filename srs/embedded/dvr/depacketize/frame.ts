/** One coded picture as a file holds it. */
export interface EncodedFrame {
  /** RTP time. */
  readonly timestamp: number;
  /** Epoch milliseconds of the arrival of its first packet. */
  readonly atMs: number;
  readonly data: Buffer;
  readonly picture: KeyPicture | null;
}

/** What a key frame tells of all that follow it. */
export interface KeyPicture {
  readonly width: number;
  readonly height: number;
  /** The sample entry's configuration: an AVCDecoderConfigurationRecord, the fields of a vpcC, or an av1C. */
  readonly configuration: Buffer;
}

/** Turns the payloads of one picture into what a file holds; made anew for each picture. */
export interface PictureAssembly {
  /** False when the payload contradicts itself or what came before. */
  add(payload: Buffer): boolean;
  /** Null when it is no whole picture. */
  finish(): { readonly data: Buffer; readonly picture: KeyPicture | null } | null;
}
