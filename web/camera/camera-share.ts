import { automaticBitrateBps } from '../core/bitrate-choice.ts';
import { Observable } from '../core/observable.ts';
import type { SendWish } from '../share/create-sender.ts';
import type { ShareStanding } from '../share/share-standing.ts';
import type { SendLimits, SentMedia, StreamSender } from '../share/stream-sender.ts';
import { capture, listCameras, openCamera } from './camera-capture.ts';
import { restingLens, pixelsOf, toCameraConstraints } from './camera-choice.ts';
import type { CameraChoice, LensSettings } from './camera-choice.ts';
import { nextCamera, otherCamera } from './camera-pick.ts';
import type { CameraPick } from './camera-pick.ts';
import { CameraError } from './camera-problem.ts';
import type { CameraProblem } from './camera-problem.ts';
import { CameraSound } from './camera-sound.ts';
import { plainLens, readLens } from './lens.ts';
import type { LensAbilities } from './lens.ts';

/** Where sending stands: before a picture, with one (as its sender says), or after it. */
export type CameraState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'camera-failed'; readonly problem: CameraProblem }
  | Exclude<ShareStanding, { kind: 'stopped' }>
  | { readonly kind: 'stopped'; readonly by: 'person' | 'device' };

/** What is on the way at this moment. */
export interface CameraView {
  /** Of the camera alone, for the preview. */
  readonly stream: MediaStream;
  /** The picture of a camera that looks at its person is shown as in a mirror. */
  readonly looksBack: boolean;
  readonly lens: LensAbilities;
  readonly settings: LensSettings;
  /** Whether there is another camera. */
  readonly hasOthers: boolean;
}

/** One person's camera: from the browser's question to the end of the session. */
export class CameraShare {
  readonly state = new Observable<CameraState>({ kind: 'idle' });
  readonly view = new Observable<CameraView | null>(null);
  readonly sound = new CameraSound();
  /** Whether the system holds the picture back, as phones do for a call. */
  readonly isHeld = new Observable(false);
  readonly #createSender: (wish: SendWish) => StreamSender;
  #sender: StreamSender | null = null;
  #camera: MediaStreamTrack | null = null;
  #choice: CameraChoice | null = null;
  /** Cameras open one at a time, and constraints are told one after the other. */
  #works: Promise<void> = Promise.resolve();
  #isSwitching = false;

  constructor(createSender: (wish: SendWish) => StreamSender) {
    this.#createSender = createSender;
  }

  /** Asks for the camera and sends; must be called from a click. */
  async start(choice: CameraChoice): Promise<void> {
    if (this.state.value.kind === 'opening' || this.#sender !== null) return;
    this.#choice = choice;
    this.state.set({ kind: 'opening' });
    try {
      const { camera, microphone } = await capture(choice);
      const sound = this.sound.begin(choice.sound, microphone);
      this.#take(camera);
      await this.#show(restingLens);
      this.#send([camera, ...(sound === null ? [] : [sound])]);
    } catch (cause) {
      this.#release();
      this.state.set({ kind: 'camera-failed', problem: problemOf(cause) });
    }
  }

  /** Applies another size, rate or sound, at once while sending. */
  change(choice: CameraChoice): Promise<void> {
    const before = this.#choice;
    this.#choice = choice;
    return this.#work(async () => {
      if (before?.sound !== choice.sound) await this.#setSound(choice.sound);
      await this.#constrain(this.view.value?.settings ?? restingLens);
    });
  }

  /** Takes the other side's camera, or the next one, in place of this one, without a new session. */
  switchCamera(): Promise<void> {
    return this.#work(async () => {
      const before = this.#camera?.getSettings() ?? {};
      const devices = await listCameras();
      const wanted = otherCamera(before, devices);
      if (wanted === null) return;
      await this.#replace(wanted, before.deviceId);
      // Two cameras may say that they look to the same side.
      const isSame = this.#camera?.getSettings().deviceId === before.deviceId;
      const next = isSame && 'facing' in wanted ? nextCamera(before, devices) : null;
      if (next !== null) await this.#replace(next, before.deviceId);
    });
  }

  setTorch(torch: boolean): Promise<void> {
    return this.#work(() => this.#constrain({ ...this.#settings, torch }));
  }

  /** By the camera's own measure, within the range of its abilities. */
  setZoom(zoom: number): Promise<void> {
    return this.#work(() => this.#constrain({ ...this.#settings, zoom }));
  }

  /** Ends sending and gives camera and microphone back. */
  stop(): void {
    this.#end({ kind: 'stopped', by: 'person' });
  }

  retryNow(): void {
    this.#sender?.retryNow();
  }

  async stats(): Promise<SentMedia | null> {
    return (await this.#sender?.stats()) ?? null;
  }

  get #settings(): LensSettings {
    return this.view.value?.settings ?? restingLens;
  }

  #work(work: () => Promise<void>): Promise<void> {
    this.#works = this.#works.then(async () => {
      if (this.#sender !== null) await work();
    });
    return this.#works;
  }

  #send(tracks: MediaStreamTrack[]): void {
    if (this.#choice === null) return;
    const sender = this.#createSender({
      ...toLimits(this.#choice),
      stream: new MediaStream(tracks),
      contentHint: 'motion',
    });
    this.#sender = sender;
    sender.state.subscribe(() => {
      if (this.#sender === sender) this.#handleSender(sender.state.value);
    });
    this.state.set({ kind: 'connecting' });
    sender.start();
  }

  #handleSender(state: ShareStanding): void {
    if (state.kind === 'stopped') this.#end({ kind: 'stopped', by: 'person' });
    else if (state.kind === 'failed') this.#end(state);
    else this.state.set(state);
  }

  #take(camera: MediaStreamTrack): void {
    this.#camera = camera;
    const tellHeld = () => {
      if (this.#isUsed(camera)) this.isHeld.set(camera.muted);
    };
    camera.addEventListener('mute', tellHeld);
    camera.addEventListener('unmute', tellHeld);
    camera.addEventListener('ended', () => {
      if (this.#isUsed(camera) && !this.#isSwitching) this.#end({ kind: 'stopped', by: 'device' });
    });
    tellHeld();
  }

  /** Phones open one camera at a time: the old one goes first. */
  async #replace(pick: CameraPick, deviceId: string | undefined): Promise<void> {
    const choice = this.#choice;
    if (choice === null) return;
    this.#isSwitching = true;
    this.#camera?.stop();
    try {
      const camera = await this.#open(choice, pick, deviceId);
      if (this.#sender === null) {
        camera.stop();
        return;
      }
      this.#take(camera);
      await this.#sender.replaceTrack(camera);
      await this.#show(restingLens);
    } catch (cause) {
      this.#end({ kind: 'camera-failed', problem: problemOf(cause) });
    } finally {
      this.#isSwitching = false;
    }
  }

  /** The camera from before, where the other one does not open. */
  async #open(
    choice: CameraChoice,
    camera: CameraPick,
    deviceId: string | undefined,
  ): Promise<MediaStreamTrack> {
    try {
      return await openCamera({ ...choice, camera });
    } catch (cause) {
      if (deviceId === undefined) throw cause;
      return await openCamera({ ...choice, camera: { deviceId } });
    }
  }

  async #constrain(settings: LensSettings): Promise<void> {
    const [camera, choice] = [this.#camera, this.#choice];
    if (camera === null || choice === null) return;
    // What this camera cannot do, it leaves.
    await camera.applyConstraints(toCameraConstraints(choice, settings)).catch(() => undefined);
    await this.#sender?.setLimits(toLimits(choice));
    await this.#show(settings);
  }

  async #setSound(isOn: boolean): Promise<void> {
    const track = await this.sound.turn(isOn);
    if (track !== null) await this.#sender?.replaceTrack(track);
  }

  async #show(settings: LensSettings): Promise<void> {
    const camera = this.#camera;
    if (camera === null) return;
    const devices = await listCameras();
    if (!this.#isUsed(camera)) return;
    const before = this.view.value?.stream ?? null;
    this.view.set({
      stream: before?.getVideoTracks()[0] === camera ? before : new MediaStream([camera]),
      looksBack: camera.getSettings().facingMode === 'user',
      lens: camera.readyState === 'live' ? readLens(camera) : plainLens,
      settings,
      hasOthers: devices.length > 1,
    });
  }

  #isUsed(camera: MediaStreamTrack): boolean {
    return this.#camera === camera;
  }

  #end(state: CameraState): void {
    const sender = this.#sender;
    if (sender === null) return;
    this.#sender = null;
    this.#release();
    this.state.set(state);
    sender.stop();
  }

  #release(): void {
    const camera = this.#camera;
    this.#camera = null;
    camera?.stop();
    this.sound.end();
    this.view.set(null);
    this.isHeld.set(false);
  }
}

const problemOf = (cause: unknown): CameraProblem =>
  cause instanceof CameraError ? cause.problem : 'camera-failed';

/** The same held upright: a picture has as many pixels either way. */
export function toLimits({ size, framesPerSecond }: CameraChoice): SendLimits {
  const [width, height] = pixelsOf(size);
  return {
    maxBitrateBps: automaticBitrateBps({ width, height, framesPerSecond, hint: 'motion' }),
    maxFramerate: framesPerSecond,
    degradationPreference: 'maintain-framerate',
  };
}
