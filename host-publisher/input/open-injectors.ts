import type { ToMedia } from '../media/messages.ts';
import type { MediaPlan } from '../media/plan.ts';
import type { ControlOptions } from './control-options.ts';
import type { Injector } from './injector.ts';

export interface InjectorParts {
  /** To the media process of the publication, if there is one now. */
  readonly toMedia: (message: ToMedia) => void;
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
  void [plan, control, parts];
  return [];
}
