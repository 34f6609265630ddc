import { Observable } from '../core/observable.ts';
import { openMicrophone } from './camera-capture.ts';
import { openSilentTrack } from './silent-track.ts';
import type { SilentTrack } from './silent-track.ts';

/** `refused`: it was wanted, and there is no microphone or no leave to use it. */
export type SoundState = 'off' | 'on' | 'refused';

/**
 * The sound beside a camera. Off means that the microphone is given back, and silence takes its
 * place, so that it can be turned on without a new session.
 */
export class CameraSound {
  readonly state = new Observable<SoundState>('off');
  #silent: SilentTrack | null = null;
  #microphone: MediaStreamTrack | null = null;

  /** The track to begin with; null: this browser can make no silence, and none was captured. */
  begin(isWanted: boolean, microphone: MediaStreamTrack | null): MediaStreamTrack | null {
    this.#microphone = microphone;
    this.#silent = openSilentTrack();
    this.state.set(microphone !== null ? 'on' : isWanted ? 'refused' : 'off');
    return microphone ?? this.#silent?.track ?? null;
  }

  /** The track to go on with; null: as before. */
  async turn(isOn: boolean): Promise<MediaStreamTrack | null> {
    if (isOn === (this.#microphone !== null)) return null;
    if (!isOn) {
      this.#giveBack();
      this.state.set('off');
      return this.#silent?.track ?? null;
    }
    this.#microphone = await openMicrophone();
    this.state.set(this.#microphone === null ? 'refused' : 'on');
    return this.#microphone;
  }

  /** Idempotent. */
  end(): void {
    this.#giveBack();
    this.#silent?.close();
    this.#silent = null;
    this.state.set('off');
  }

  #giveBack(): void {
    this.#microphone?.stop();
    this.#microphone = null;
  }
}
