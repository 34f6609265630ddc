import { restingLens, toCameraConstraints } from './camera-choice.ts';
import type { CameraChoice } from './camera-choice.ts';
import { pickConstraints } from './camera-pick.ts';
import { CameraError, cameraProblemOf, findCameraObstacle } from './camera-problem.ts';

/** What was opened; `microphone` is null where sound was not wanted, or is not allowed. */
export interface Captured {
  readonly camera: MediaStreamTrack;
  readonly microphone: MediaStreamTrack | null;
}

/** Opens camera and microphone with one question; throws {@link CameraError}. */
export async function capture(choice: CameraChoice): Promise<Captured> {
  if (!choice.sound) return { camera: await openCamera(choice), microphone: null };
  try {
    const stream = await ask({ video: cameraConstraints(choice), audio: true });
    const [camera] = stream.getVideoTracks();
    const [microphone = null] = stream.getAudioTracks();
    if (camera === undefined) throw new CameraError('camera-failed');
    return { camera, microphone };
  } catch {
    // Without a microphone, or leave to use it, there is still a picture.
    return { camera: await openCamera(choice), microphone: null };
  }
}

/** Opens a camera alone; throws {@link CameraError}. */
export async function openCamera(choice: CameraChoice): Promise<MediaStreamTrack> {
  const stream = await ask({ video: cameraConstraints(choice) });
  const [camera] = stream.getVideoTracks();
  if (camera === undefined) throw new CameraError('camera-failed');
  return camera;
}

/** Null: there is none, or it is not allowed. */
export async function openMicrophone(): Promise<MediaStreamTrack | null> {
  try {
    const [track = null] = (await ask({ audio: true })).getAudioTracks();
    return track;
  } catch {
    return null;
  }
}

/** Ids of the cameras of this device; empty ones, which come before leave is given, are left out. */
export async function listCameras(): Promise<readonly string[]> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices
    .filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '')
    .map(({ deviceId }) => deviceId);
}

/** `zoom` asks for leave to use it; nothing is zoomed. */
const cameraConstraints = (choice: CameraChoice): MediaTrackConstraints => ({
  ...toCameraConstraints(choice, restingLens),
  ...pickConstraints(choice.camera),
  ...{ zoom: true },
});

async function ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
  const obstacle = findCameraObstacle();
  if (obstacle !== null) throw new CameraError(obstacle);
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (cause) {
    throw new CameraError(cameraProblemOf(cause), { cause });
  }
}
