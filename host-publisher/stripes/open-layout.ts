import { I420Layout } from './i420.ts';
import { partition, type Row } from './partition.ts';
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
  readonly #colorimetry: string;
  readonly #quality: number;

  private constructor({ encoder, picture, target }: LayoutPlan, rows: Row[], open: RowEncoders) {
    this.encoder = encoder;
    this.width = picture.width;
    this.height = picture.height;
    this.rows = rows;
    this.encoders = open;
    this.#colorimetry = picture.colorimetry;
    this.#quality = target.quality;
    this.sent = new SentPicture(new I420Layout(picture.width, picture.height), rows);
    this.still = new StillRows(rows.length, open.refinements);
  }

  static async open(openRows: OpenRows, plan: LayoutPlan): Promise<OpenLayout> {
    const { encoder, picture, target } = plan;
    const rows = [...partition(encoder, picture.height)];
    const { width, colorimetry } = picture;
    const encoders = await openRows({ encoder, width, rows, colorimetry, target });
    return new OpenLayout(plan, rows, encoders);
  }

  /** Whether it takes this picture; the quality of H.264 is fixed when its encoders are made. */
  fits({ encoder, picture, target }: LayoutPlan): boolean {
    return (
      encoder === this.encoder &&
      picture.width === this.width &&
      picture.height === this.height &&
      picture.colorimetry === this.#colorimetry &&
      (this.encoders.codec === 'jpeg' || target.quality === this.#quality)
    );
  }
}
