/** What a painted picture says of itself in its top rows of blocks; null: not there, or not legible. */
export interface PictureCodes {
  readonly time: {
    /** Epoch milliseconds at which the source painted the frame. */
    readonly paintedAtMs: number;
    /** Counter of the source, modulo 2^20. */
    readonly frame: number;
  } | null;
  /** Number of the last input that came before it was painted. */
  readonly mark: number | null;
}

/** What the cube says of its input in its bottom rows of blocks. */
export interface PictureHeld {
  /** Bit n is button n of `MouseEvent.button`. */
  readonly buttons: number;
  /** How many are down. */
  readonly touches: number;
  readonly keys: number;
  /** Of all gamepads together. */
  readonly padButtons: number;
  /** Whether a stick of a gamepad is off its middle. */
  readonly isTilted: boolean;
  /** Keysym of the last key that went down; 0: none yet. */
  readonly lastKey: number;
}

/** What shows a picture. */
export type PictureElement = HTMLVideoElement | HTMLCanvasElement;

export interface PictureReader {
  readonly codes: (picture: PictureElement) => PictureCodes;
  readonly held: (picture: PictureElement) => PictureHeld | null;
}

/**
 * Reads what the cube and pages under test paint into their pictures: rows of black and white
 * blocks, each followed by its inverse. The function is whole by itself, so that its text can be
 * handed to a page. @throws where there is no canvas
 */
export function newPictureReader(): PictureReader {
  const columns = 64;
  const rows = 4;
  /** Of brightness, between a block and its inverse; compression blurs them. */
  const least = 60;
  const canvas = new OffscreenCanvas(columns, rows);
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (brush === null) throw new Error('no 2d canvas');
  // The middle pixel of each block, not the mean of some.
  brush.imageSmoothingEnabled = false;

  const readBand = (
    video: PictureElement,
    edge: 'top' | 'bottom',
    columnsOf: readonly [number, number],
  ): (bigint | null)[] => {
    const isVideo = video instanceof HTMLVideoElement;
    const width = isVideo ? video.videoWidth : video.width;
    const wholeHeight = isVideo ? video.videoHeight : video.height;
    const height = (rows * width) / columns;
    const top = edge === 'top' ? 0 : wholeHeight - height;
    brush.drawImage(video, 0, top, width, height, 0, 0, columns, rows);
    const { data } = brush.getImageData(0, 0, columns, rows);
    const green = (row: number, column: number): number =>
      data[(row * columns + column) * 4 + 1] ?? 0;
    return columnsOf.map((count, index) => {
      let code = 0n;
      for (let column = 0; column < count; column += 1) {
        const at = Math.floor(((column + 0.5) * columns) / count);
        const difference = green(2 * index, at) - green(2 * index + 1, at);
        if (Math.abs(difference) < least) return null;
        code = (code << 1n) | (difference > 0 ? 1n : 0n);
      }
      return code;
    });
  };

  return {
    codes: (video) => {
      const [time = null, mark = null] = readBand(video, 'top', [64, 32]);
      return {
        time:
          time === null
            ? null
            : { paintedAtMs: Number(time >> 20n), frame: Number(time & 0xfffffn) },
        mark: mark === null ? null : Number(mark),
      };
    },
    held: (video) => {
      const [down = null, last = null] = readBand(video, 'bottom', [32, 32]);
      if (down === null || last === null) return null;
      return {
        buttons: Number(down >> 27n),
        touches: Number((down >> 23n) & 0xfn),
        keys: Number((down >> 17n) & 0x3fn),
        padButtons: Number(down & 0x1ffffn),
        isTilted: last >> 31n === 1n,
        lastKey: Number(last & 0x7fffffffn),
      };
    },
  };
}
