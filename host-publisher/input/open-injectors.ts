import type { Size } from '../cursor/picture-place.ts';
import { GamepadInjector } from '../gamepad/gamepad-injector.ts';
import { PORTAL } from '../media/display.ts';
import type { ToMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import type { ControlOptions } from './control-options.ts';
import { CubeInjector } from './cube-injector.ts';
import type { Injector } from './injector.ts';
import { X11Injector } from './x11/x11-injector.ts';

export interface InjectorParts {
  /** To the media process of the publication; false when there is none now. */
  readonly toMedia: (message: ToMedia, sent: () => void) => boolean;
  /** The published picture as it is now. */
  readonly picture: () => Size;
  readonly say: (line: string) => void;
  /** The machine is another one: nothing is down there. */
  readonly onReset: () => void;
}

/** What applies input to the source of this plan; none where nothing there takes any. */
export function openInjectors(
  plan: MediaPlan,
  control: ControlOptions,
  parts: InjectorParts,
): readonly Injector[] {
  const { source, display, window } = plan;
  if (!control.on) return [];
  if (source === 'cube') return [new CubeInjector(parts)];
  const isX11 = (source === 'desktop' || source === 'window') && display !== PORTAL;
  if (!isX11 || display === null) return [];
  return [
    new X11Injector({ ...parts, display, window: source === 'window' ? window : null, control }),
    new GamepadInjector(parts),
  ];
}
