import type { StripeCodec } from '../../gateway/protocol/media/stripe.ts';
import type { Row } from './partition.ts';
import type { PixelFormat } from './pixel-layout.ts';
import type { StripesEncoder } from './stripes-encoder.ts';
import type { StripesTarget } from './stripes.ts';

/** What the encoders of a picture's rows are made for. */
export interface RowsPlan {
  readonly encoder: StripesEncoder;
  readonly format: PixelFormat;
  readonly width: number;
  readonly rows: readonly Row[];
  /** Of the YUV that is given or made. */
  readonly colorimetry: string;
  readonly target: StripesTarget;
}

export interface EncodedRow {
  readonly payload: Buffer;
  readonly isKey: boolean;
}

/** How a row is encoded this time. */
export interface RowWish {
  /** Decodes without any before it. */
  readonly key: boolean;
  /** As good as a still picture may be. */
  readonly refined: boolean;
}

/** One encoder for each row of a picture. A row is encoded again only once it has come back. */
export interface RowEncoders {
  readonly codec: StripeCodec;
  /** How often a still row is encoded again until it is as good as it gets. */
  readonly refinements: number;
  /** Reads `planes` before it returns. Fails when the encoder does, and for all rows then. */
  encode(index: number, planes: readonly Buffer[], wish: RowWish): Promise<EncodedRow>;
  /** `share` of the quality that the bitrate leaves, above 0 and up to 1. */
  steer(target: StripesTarget, share: number): void;
  close(): Promise<void>;
}
