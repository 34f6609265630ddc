import { toHostError } from '../../host-error.ts';
import { hasElement, packageOf } from '../gstreamer/elements.ts';
import type { Gst } from '../gstreamer/native.ts';
import { TRIAL_SINK, trial } from '../gstreamer/trial.ts';
import type { SoundKind } from '../plan.ts';

const OPUS_KBPS = 96;
const RAW = 'audio/x-raw,rate=48000,channels=2';
const MONITOR =
  'pulsesrc device=@DEFAULT_MONITOR@ buffer-time=40000 latency-time=10000 provide-clock=false';
const TONE = 'audiotestsrc is-live=true freq=440 volume=0.2 samplesperbuffer=480';
const TRIAL_MS = 3_000;

/** The sound's head of a pipeline, from where it comes to Opus; null: silent, and why. */
export interface Sound {
  readonly text: string | null;
  readonly elements: readonly string[];
  readonly notice: string | null;
}

const ENCODING =
  `audioconvert ! audioresample ! ${RAW} ! ` +
  `opusenc bitrate=${OPUS_KBPS * 1000} frame-size=10 audio-type=restricted-lowdelay inband-fec=true`;
const ENCODING_ELEMENTS = ['audioconvert', 'audioresample', 'opusenc', 'rtpopuspay'];

/** The wanted sound, if this machine has it; otherwise silence with one sentence. */
export async function chooseSound(gst: Gst, kind: SoundKind): Promise<Sound> {
  if (kind === 'none') return { text: null, elements: [], notice: null };
  if (kind === 'tone') {
    const elements = ['audiotestsrc', ...ENCODING_ELEMENTS];
    return { text: `${TONE} ! ${RAW} ! ${ENCODING}`, elements, notice: null };
  }
  const silent = (why: string): Sound => ({
    text: null,
    elements: [],
    notice: `The picture is published without sound: ${why}`,
  });
  if (!hasElement(gst, 'pulsesrc')) {
    return silent(`pulsesrc is missing (apt-get install ${packageOf('pulsesrc')}).`);
  }
  try {
    await trial(gst, `${MONITOR} num-buffers=2 ! ${TRIAL_SINK}`, TRIAL_MS);
  } catch (error) {
    return silent(`PulseAudio has no output to listen to (${toHostError(error, 'media').message})`);
  }
  return {
    text: `${MONITOR} ! ${RAW} ! ${ENCODING}`,
    elements: ['pulsesrc', ...ENCODING_ELEMENTS],
    notice: null,
  };
}
