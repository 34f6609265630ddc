import type { ToMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import type { ControlOptions } from './control-options.ts';
import { CubeInjector } from './cube-injector.ts';
import type { Injector } from './injector.ts';

export interface InjectorParts {
  /** To the media process of the publication; false when there is none now. */
  readonly toMedia: (message: ToMedia, sent: () => void) => boolean;
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
  if (!control.on || plan.source !== 'cube') return [];
  return [new CubeInjector(parts)];
}
