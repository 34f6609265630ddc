/** Why there is no picture to send. */
export type CameraProblem =
  | 'camera-unsupported'
  | 'camera-insecure'
  | 'camera-denied'
  | 'camera-missing'
  | 'camera-busy'
  | 'camera-failed';

/** A camera that did not open. */
export class CameraError extends Error {
  readonly problem: CameraProblem;

  constructor(problem: CameraProblem, options?: ErrorOptions) {
    super(problem, options);
    this.name = 'CameraError';
    this.problem = problem;
  }
}

/** The problem that a failed `getUserMedia` means, by the name of its error. */
export function cameraProblemOf(cause: unknown): CameraProblem {
  const name = cause instanceof Error ? cause.name : '';
  return problems[name] ?? 'camera-failed';
}

const problems: Partial<Record<string, CameraProblem>> = {
  NotAllowedError: 'camera-denied',
  SecurityError: 'camera-denied',
  NotFoundError: 'camera-missing',
  OverconstrainedError: 'camera-missing',
  NotReadableError: 'camera-busy',
  AbortError: 'camera-busy',
};

/** What stands in the way before anything was tried; null when a camera can be asked for. */
export function findCameraObstacle(): CameraProblem | null {
  if (!window.isSecureContext) return 'camera-insecure';
  return 'mediaDevices' in navigator ? null : 'camera-unsupported';
}

/** Whether trying again could not change it. */
export const isHopeless = (problem: CameraProblem): boolean =>
  problem === 'camera-unsupported' || problem === 'camera-insecure';

/** One or two plain sentences for the person in front of the page. */
export function explainCamera(problem: CameraProblem): string {
  switch (problem) {
    case 'camera-unsupported':
      return 'This browser gives pages no camera. Open the link in Chrome, Safari or Firefox itself, not within another app.';
    case 'camera-insecure':
      return 'The camera needs a secure address: open this page with https://.';
    case 'camera-denied':
      return 'The camera is not allowed. Allow camera and microphone for this page in the browser’s settings, then press Start again.';
    case 'camera-missing':
      return 'No camera was found on this device.';
    case 'camera-busy':
      return 'The camera is in use by another app. Close it and press Start again.';
    case 'camera-failed':
      return 'The browser could not open the camera. Press Start again, or restart the browser.';
    default:
      return problem satisfies never;
  }
}
