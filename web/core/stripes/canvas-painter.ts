import type { Size } from '../picture-box.ts';
import type { PaintableCanvas } from './engine-messages.ts';
import type { PaintablePicture } from './picture-queue.ts';
import type { RowImage } from './row-decoder.ts';

type Brush = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

/** Draws pictures on a canvas, and into a track where there is one. */
export class CanvasPainter {
  readonly #canvas: PaintableCanvas;
  readonly #brush: Brush;
  readonly #covered = new Map<number, number>();
  #layout: number | null = null;
  #writer: WritableStreamDefaultWriter<VideoFrame> | null = null;

  /** `onLost`: what was drawn is gone, and the canvas works again. @throws where canvases cannot draw */
  constructor(canvas: PaintableCanvas, onLost: () => void) {
    this.#canvas = canvas;
    const brush = canvas.getContext('2d', { alpha: false, desynchronized: true }) as Brush | null;
    if (brush === null) throw new Error('no 2d canvas');
    this.#brush = brush;
    canvas.addEventListener('contextrestored', () => {
      this.#covered.clear();
      onLost();
    });
  }

  /** Pixels of the picture, once each of its rows was drawn; null before. */
  get size(): Size | null {
    const { width, height } = this.#canvas;
    const rows = [...this.#covered.values()].reduce((sum, count) => sum + count, 0);
    return this.#layout === null || rows < height ? null : { width, height };
  }

  /** Closes the images. */
  paint({ width, height, layout, stripes, capturedAtUs }: PaintablePicture<RowImage>): void {
    if (layout !== this.#layout) this.#begin(layout, width, height);
    for (const { y, rows, image } of stripes) {
      this.#brush.drawImage(image, 0, 0, width, rows, 0, y, width, rows);
      this.#covered.set(y, rows);
      image.close();
    }
    if (this.#writer !== null && this.size !== null) this.#write(this.#writer, capturedAtUs);
  }

  /** The next picture is the first of a new one: rows that are not in it are not covered. */
  forget(): void {
    this.#layout = null;
  }

  /** Pictures go there too, null: no more. */
  float(writable: WritableStream<VideoFrame> | null): void {
    void this.#writer?.close().catch(() => undefined);
    this.#writer = writable?.getWriter() ?? null;
    if (this.#writer !== null && this.size !== null) this.#write(this.#writer, 0);
  }

  /** A canvas that is given its size is black. */
  #begin(layout: number, width: number, height: number): void {
    this.#covered.clear();
    this.#layout = layout;
    if (this.#canvas.width === width && this.#canvas.height === height) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
  }

  /** One that does not keep up gets no more until it does. */
  #write(writer: WritableStreamDefaultWriter<VideoFrame>, timestamp: number): void {
    if ((writer.desiredSize ?? 0) <= 0) return;
    const frame = new VideoFrame(this.#canvas, { timestamp });
    writer.write(frame).catch(() => frame.close());
  }
}
