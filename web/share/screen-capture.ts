import { toVideoConstraints } from './share-choice.ts';
import type { ShareChoice } from './share-choice.ts';

/** Why there is no picture to send. */
export type CaptureProblem =
  'capture-unsupported' | 'capture-insecure' | 'capture-denied' | 'capture-failed';

/** A capture that did not come about. */
export class CaptureError extends Error {
  readonly problem: CaptureProblem;

  constructor(problem: CaptureProblem, options?: ErrorOptions) {
    super(problem, options);
    this.name = 'CaptureError';
    this.problem = problem;
  }
}

/** Members that browsers know and TypeScript's DOM does not. */
interface ScreenOptions extends DisplayMediaStreamOptions {
  readonly systemAudio: 'include' | 'exclude';
  readonly surfaceSwitching: 'include' | 'exclude';
  readonly selfBrowserSurface: 'include' | 'exclude';
}

/** What stands in the way before anything was tried; null when a screen can be captured. */
export function findCaptureObstacle(): CaptureProblem | null {
  if (!window.isSecureContext) return 'capture-insecure';
  return 'getDisplayMedia' in navigator.mediaDevices ? null : 'capture-unsupported';
}

/** Opens the browser's picker; throws {@link CaptureError}. */
export async function captureScreen(choice: ShareChoice): Promise<MediaStream> {
  const obstacle = findCaptureObstacle();
  if (obstacle !== null) throw new CaptureError(obstacle);
  const options: ScreenOptions = {
    video: toVideoConstraints(choice),
    // Speech processing would damage what a screen plays.
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    systemAudio: 'include',
    surfaceSwitching: 'include',
    selfBrowserSurface: 'exclude',
  };
  try {
    return await navigator.mediaDevices.getDisplayMedia(options);
  } catch (cause) {
    const denied = cause instanceof DOMException && cause.name === 'NotAllowedError';
    throw new CaptureError(denied ? 'capture-denied' : 'capture-failed', { cause });
  }
}

/** One or two plain sentences for the person in front of the page. */
export function explainCapture(problem: CaptureProblem): string {
  switch (problem) {
    case 'capture-unsupported':
      return 'This browser cannot share a screen. Phones cannot; use a computer with Chrome, Edge, Firefox or Safari.';
    case 'capture-insecure':
      return 'Sharing needs a secure address: open this page with https://.';
    case 'capture-denied':
      return 'Nothing is shared: no screen was picked, or the browser or system does not allow it.';
    case 'capture-failed':
      return 'The browser could not capture the screen. Close other programs that record it and try again.';
    default:
      return problem satisfies never;
  }
}
