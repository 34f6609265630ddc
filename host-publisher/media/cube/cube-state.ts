/** Radians, or radians per second, around the screen's axes: `x` turns it down, `y` to the right. */
export interface Turn {
  readonly x: number;
  readonly y: number;
}

/** Where something is, as shares of the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A gamepad as it stands: bit n of `buttons` is button n; left x, y, right x, y. */
export interface Pad {
  readonly buttons: number;
  readonly axes: readonly number[];
}

/** What is held down on the cube. */
export interface CubeHeld {
  /** Bit n is button n of `MouseEvent.button`. */
  readonly buttons: number;
  readonly keys: ReadonlySet<string>;
  readonly touches: ReadonlyMap<number, Place>;
  readonly pads: ReadonlyMap<number, Pad>;
}

/** The cube at one moment: the same acts at the same moments lead to the same one. */
export interface CubeState {
  readonly turn: Turn;
  /** What is left of a drag's motion. */
  readonly glide: Turn;
  /** Of its own turn; 1 without input. */
  readonly speed: number;
  readonly stands: boolean;
  /** 1 without input. */
  readonly zoom: number;
  /** 0 to `PALETTES` - 1 */
  readonly palette: number;
  readonly pointer: Place | null;
  readonly held: CubeHeld;
  /** Keysym of the last key that went down or character that came; 0: none yet. */
  readonly lastKey: number;
}

export const PALETTES = 9;
export const ZOOM = { least: 0.4, most: 2.5 } as const;

export const NOTHING_HELD: CubeHeld = {
  buttons: 0,
  keys: new Set(),
  touches: new Map(),
  pads: new Map(),
};

export const FIRST_STATE: CubeState = {
  turn: { x: 0, y: 0 },
  glide: { x: 0, y: 0 },
  speed: 1,
  stands: false,
  zoom: 1,
  palette: 0,
  pointer: null,
  held: NOTHING_HELD,
  lastKey: 0,
};

const OWN_TURN: Turn = { x: 0.7, y: 1.1 };
/** In which a glide loses two thirds. */
export const GLIDE_SECONDS = 0.3;
const STICK_TURN = 3;
const STICK_ZOOM = 1.5;
const DEAD_ZONE = 0.15;
const FULL_TURN = 2 * Math.PI;

/** The cube so many seconds later, if nothing is done to it meanwhile. */
export function advance(state: CubeState, seconds: number): CubeState {
  const { turn, glide, held } = state;
  const left = Math.exp(-seconds / GLIDE_SECONDS);
  const own = state.stands ? 0 : state.speed * seconds;
  const free = isGrabbed(held) ? 0 : 1;
  const [stickX, stickY, , zoomStick] = sticksOf(held);
  const along = (axis: 'x' | 'y', stick: number): number => {
    const glided = glide[axis] * GLIDE_SECONDS * (1 - left);
    return (
      (turn[axis] + free * (OWN_TURN[axis] * own + glided) + stick * STICK_TURN * seconds) %
      FULL_TURN
    );
  };
  return {
    ...state,
    turn: { x: along('x', stickY), y: along('y', stickX) },
    glide: { x: glide.x * left, y: glide.y * left },
    zoom: withinZoom(state.zoom * Math.exp(-zoomStick * STICK_ZOOM * seconds)),
  };
}

/** Whether a hand is on the cube: it does not turn by itself then. */
export function isGrabbed({ buttons, touches }: CubeHeld): boolean {
  return buttons !== 0 || touches.size > 0;
}

/** The sticks of all gamepads together, without what they show at rest. */
export function sticksOf({ pads }: CubeHeld): readonly [number, number, number, number] {
  const sum = (axis: number): number =>
    [...pads.values()].reduce((total, { axes }) => {
      const value = axes[axis] ?? 0;
      return total + (Math.abs(value) < DEAD_ZONE ? 0 : value);
    }, 0);
  return [sum(0), sum(1), sum(2), sum(3)];
}

export function withinZoom(zoom: number): number {
  return Math.min(ZOOM.most, Math.max(ZOOM.least, zoom));
}
