import type { ViewerId } from '../../protocol/control.ts';
import type { ViewerEvent } from '../../protocol/viewer.ts';
import type { PacedChannel } from './part-outlet.ts';

/** A viewer as input sees it. */
export interface InputViewer extends PacedChannel<ViewerEvent> {
  readonly viewer: ViewerId;
  readonly grant: { readonly subject: string };
}
