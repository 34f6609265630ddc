import type { ControlPolicy, Device } from '../../protocol/control.ts';
import type { InputViewer } from './input-viewer.ts';

/** What the input path asks of the control of a host. */
export interface InputControl<Viewer extends InputViewer = InputViewer> {
  readonly policy: Pick<ControlPolicy, 'clipboardToHost' | 'clipboardFromHost'>;
  /** Whether this viewer holds the device, is there, and does so in this epoch. */
  mayUse(viewer: Viewer, device: Device, epoch: number): boolean;
  /** Who holds a device and is there; null: nobody. */
  holderOf(device: Device): Viewer | null;
  /** Who holds a device, there or away for a moment; null: nobody. */
  keeperOf(device: Device): Viewer | null;
  /** Who holds something in this epoch and is there; null: nobody, it is over or never was. */
  holderInEpoch(epoch: number): Viewer | null;
  /** Input of this viewer was taken. */
  used(viewer: Viewer): void;
}
