import { toHostError } from '../../host-error.ts';
import { hasElement, packageOf } from '../gstreamer/elements.ts';
import type { Gst } from '../gstreamer/native.ts';
import { TRIAL_SINK, trial } from '../gstreamer/trial.ts';
import type { SoundKind } from '../plan.ts';
import type { Source } from '../sources/feed.ts';
import { RAW_SOUND } from './raw-sound.ts';

const OPUS_KBPS = 96;
const CAPTURE = 'buffer-time=40000 latency-time=10000 provide-clock=false';
const MONITOR = `pulsesrc device=@DEFAULT_MONITOR@ ${CAPTURE}`;
const MICROPHONE = `pulsesrc device=@DEFAULT_SOURCE@ ${CAPTURE}`;
const TONE = 'audiotestsrc is-live=true freq=440 volume=0.2 samplesperbuffer=480';
const TRIAL_MS = 3_000;

/** The sound's head of a pipeline, from where it comes to Opus; null: silent, and why. */
export interface Sound {
  readonly text: string | null;
  readonly elements: readonly string[];
  readonly notice: string | null;
}

/** Name of the element that lets sound through to the encoder, or drops it. */
export const SOUND_GATE = 'sound-gate';

const ENCODING =
  `audioconvert ! audioresample ! ${RAW_SOUND} ! valve name=${SOUND_GATE} drop=true ! ` +
  `opusenc bitrate=${OPUS_KBPS * 1000} frame-size=10 audio-type=restricted-lowdelay inband-fec=true`;
const ENCODING_ELEMENTS = ['audioconvert', 'audioresample', 'valve', 'opusenc'];

/**
 * The wanted sound, if this machine has it; otherwise silence with one sentence. `own`: the sound
 * that belongs to the picture.
 */
export async function chooseSound(gst: Gst, kind: SoundKind, own: Source['sound']): Promise<Sound> {
  if (kind === 'none') return { text: null, elements: [], notice: null };
  if (kind === 'tone') {
    const elements = ['audiotestsrc', ...ENCODING_ELEMENTS];
    return { text: `${TONE} ! ${RAW_SOUND} ! ${ENCODING}`, elements, notice: null };
  }
  const silent = (why: string): Sound => ({
    text: null,
    elements: [],
    notice: `The picture is published without sound: ${why}`,
  });
  if (kind === 'file') {
    if (own === null) return silent('the file has none.');
    const elements = [...own.elements, ...ENCODING_ELEMENTS];
    return { text: `${own.text} ! ${ENCODING}`, elements, notice: null };
  }
  const device = kind === 'monitor' ? MONITOR : MICROPHONE;
  const missing = kind === 'monitor' ? 'output to listen to' : 'microphone';
  if (!hasElement(gst, 'pulsesrc')) {
    return silent(`pulsesrc is missing (apt-get install ${packageOf('pulsesrc')}).`);
  }
  try {
    await trial(gst, `${device} num-buffers=2 ! ${TRIAL_SINK}`, TRIAL_MS);
  } catch (error) {
    return silent(`PulseAudio has no ${missing} (${toHostError(error, 'media').message})`);
  }
  return {
    text: `${device} ! ${RAW_SOUND} ! ${ENCODING}`,
    elements: ['pulsesrc', ...ENCODING_ELEMENTS],
    notice: null,
  };
}
