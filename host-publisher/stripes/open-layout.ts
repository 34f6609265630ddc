import { partition, type Row } from './partition.ts';
import { PixelLayout, type PixelFormat } from './pixel-layout.ts';
import type { RowEncoders, RowsPlan } from './row-encoders.ts';
import { SentPicture } from './sent-picture.ts';
import { StillRows } from './still-rows.ts';
import type { StripesEncoder } from './stripes-encoder.ts';
import type { RawPicture, StripesTarget } from './stripes.ts';

export type OpenRows = (plan: RowsPlan) => Promise<RowEncoders>;

interface LayoutPlan {
  readonly encoder: StripesEncoder;
  readonly picture: RawPicture;
  readonly target: StripesTarget;
}

/** One size, partition and encoder: what all rows of a picture have in common. */
export class OpenLayout {
  readonly encoder: StripesEncoder;
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Row[];
  readonly sent: SentPicture;
  readonly still: StillRows;
  readonly encoders: RowEncoders;
  readonly #format: PixelFormat;
  readonly #colorimetry: string;
  readonly #quality: number;

  private constructor({ encoder, picture, target }: LayoutPlan, rows: Row[], open: RowEncoders) {
    this.encoder = encoder;
    this.width = picture.width;
    this.height = picture.height;
    this.rows = rows;
    this.encoders = open;
    this.#format = picture.format;
    this.#colorimetry = picture.colorimetry;
    this.#quality = target.quality;
    this.sent = new SentPicture(
      new PixelLayout(picture.format, picture.width, picture.height),
      rows,
    );
    this.still = new StillRows(rows.length, open.refinements);
  }

  static async open(openRows: OpenRows, plan: LayoutPlan): Promise<OpenLayout> {
    const { encoder, picture, target } = plan;
    const rows = [...partition(encoder, picture.height)];
    const { format, width, colorimetry } = picture;
    const encoders = await openRows({ encoder, format, width, rows, colorimetry, target });
    return new OpenLayout(plan, rows, encoders);
  }

  /** Whether it takes this picture; the quality of H.264 is fixed when its encoders are made. */
  fits({ encoder, picture, target }: LayoutPlan): boolean {
    return (
      encoder === this.encoder &&
      picture.width === this.width &&
      picture.height === this.height &&
      picture.format === this.#format &&
      picture.colorimetry === this.#colorimetry &&
      (this.encoders.codec === 'jpeg' || target.quality === this.#quality)
    );
  }
}
