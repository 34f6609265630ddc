import type { InputFrame } from '../../protocol/input.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { InputViewer } from './input-viewer.ts';

/** Hears of each frame that went to a host, after it went. It must not wait for anything. */
export interface InputTap {
  passed(place: SourcePlace, viewer: InputViewer, frame: InputFrame): void;
}
