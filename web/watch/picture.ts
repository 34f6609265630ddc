import { Observable } from '../core/observable.ts';
import type { Size } from '../core/picture-box.ts';
import { viewOfVideo } from '../core/picture-view.ts';
import type { PictureView } from '../core/picture-view.ts';
import type { Way } from '../core/roaming/media-mode.ts';

/** What is seen at this moment. */
export interface Seen {
  readonly way: Way;
  /** Pixels of the picture; null before the first one. */
  readonly size: Size | null;
}

/** The two elements of a watch page that show the picture, in one place; one of them is seen. */
export class Picture implements PictureView {
  readonly video = document.createElement('video');
  /** Lies over the video. */
  readonly canvas: HTMLCanvasElement;
  readonly seen: Observable<Seen>;
  readonly #canvasSize: Observable<Size | null>;

  /** `canvasSize`: of the picture that is drawn there. */
  constructor(canvas: HTMLCanvasElement, canvasSize: Observable<Size | null>) {
    this.canvas = canvas;
    this.#canvasSize = canvasSize;
    this.seen = new Observable<Seen>({ way: 'webrtc', size: null });
    this.video.playsInline = true;
    label(this.video, 'video');
    label(this.canvas, 'canvas');
    this.canvas.setAttribute('role', 'img');
    this.show('webrtc');
  }

  get element(): HTMLElement {
    return this.seen.value.way === 'webrtc' ? this.video : this.canvas;
  }

  get size(): Size | null {
    return this.seen.value.size;
  }

  /** Puts both elements first into `parent`; the returned function takes them out. */
  mount(parent: HTMLElement): () => void {
    parent.prepend(this.video, this.canvas);
    const measure = () => this.#measure();
    this.video.addEventListener('resize', measure);
    const off = this.#canvasSize.subscribe(measure);
    return () => {
      this.video.removeEventListener('resize', measure);
      off();
      this.video.remove();
      this.canvas.remove();
    };
  }

  /** Calls `listener` when the video has the first picture of a stream, until the result is called. */
  onVideo(listener: () => void): () => void {
    this.video.addEventListener('loadeddata', listener);
    return () => this.video.removeEventListener('loadeddata', listener);
  }

  /** Lets the picture of a way be seen. */
  show(way: Way): void {
    this.video.toggleAttribute('data-unseen', way !== 'webrtc');
    this.canvas.toggleAttribute('data-unseen', way !== 'websocket');
    this.video.ariaHidden = way === 'webrtc' ? null : 'true';
    this.canvas.ariaHidden = way === 'websocket' ? null : 'true';
    this.seen.set({ way, size: this.#sizeOf(way) });
  }

  #measure(): void {
    const { way, size: before } = this.seen.value;
    const size = this.#sizeOf(way);
    if (size?.width === before?.width && size?.height === before?.height) return;
    this.seen.set({ way, size });
  }

  #sizeOf(way: Way): Size | null {
    return way === 'webrtc' ? viewOfVideo(this.video).size : this.#canvasSize.value;
  }
}

function label(element: HTMLElement, testId: string): void {
  element.ariaLabel = 'Shared screen';
  element.dataset['testid'] = testId;
}
