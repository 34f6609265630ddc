import type { ControlOptions } from '../../../host-publisher/input/control-options.ts';

/** A host of which nothing is controlled. */
export const NO_CONTROL: ControlOptions = {
  on: false,
  keyboardMode: 'keysym',
  keyboardLayout: null,
  clipboard: 'off',
  resize: 'off',
  largest: { width: 1920, height: 1080 },
  commands: new Map(),
};
