/** One of the cameras: by the side it looks to, or by its id where it names none. */
export type CameraPick =
  { readonly facing: 'user' | 'environment' } | { readonly deviceId: string };

/** What a track says of its camera; a member is absent where the browser does not tell. */
export interface UsedCamera {
  readonly deviceId?: string | undefined;
  readonly facingMode?: string | undefined;
}

/** The constraint that a pick is. */
export function pickConstraints(pick: CameraPick): MediaTrackConstraints {
  return 'facing' in pick
    ? { facingMode: { ideal: pick.facing } }
    : { deviceId: { exact: pick.deviceId } };
}

/** The other side, where the camera in use tells its own; else the camera that comes next. */
export function otherCamera(used: UsedCamera, deviceIds: readonly string[]): CameraPick | null {
  if (deviceIds.length < 2) return null;
  if (used.facingMode === 'user') return { facing: 'environment' };
  if (used.facingMode === 'environment') return { facing: 'user' };
  return nextCamera(used, deviceIds);
}

/** The camera that comes after the one in use; null where there is no other. */
export function nextCamera(
  { deviceId }: UsedCamera,
  deviceIds: readonly string[],
): CameraPick | null {
  const next = deviceIds[(deviceIds.indexOf(deviceId ?? '') + 1) % deviceIds.length];
  return next === undefined || next === deviceId ? null : { deviceId: next };
}
