import { availablePublishers, choosePublisher } from '../publish/publisher-choice.ts';
import type { CaptureParts } from './capture.ts';
import type { Encoder } from './encoding/encoder.ts';
import type { EncoderChoice } from './encoding/encoder-choice.ts';
import { SHAPE_ELEMENTS } from './encoding/shape.ts';
import { requireElements } from './gstreamer/elements.ts';
import type { Gst } from './gstreamer/native.ts';
import type { FromMedia } from './messages.ts';
import type { MediaPlan, PublisherName } from './plan.ts';
import { chooseSound } from './sound/sound.ts';
import { openSource } from './sources/open-source.ts';

/** What every picture passes on its way, whatever is captured. */
const BASICS = ['appsrc', 'appsink', ...SHAPE_ELEMENTS];

type Tell = (message: FromMedia) => void;

/** What is published by WebRTC is made with. */
export interface WhipEquipment {
  readonly encoder: Encoder;
  readonly publisher: PublisherName;
}

/** Looks for what is to be captured; fails with a sentence about what is missing. */
export async function findCapture(gst: Gst, plan: MediaPlan, tell: Tell): Promise<CaptureParts> {
  requireElements(gst, BASICS);
  const notice = (text: string): void => tell({ type: 'notice', text });
  const source = await openSource(gst, plan, notice);
  const sound = await chooseSound(gst, plan.sound, source.sound);
  if (sound.notice !== null) notice(sound.notice);
  return { plan, source, sound };
}

/**
 * Looks what works here to publish by WHIP; fails with a sentence about what is missing. Clients that
 * are answered get what the project's own publisher sends.
 */
export async function findWhip(
  gst: Gst,
  plan: MediaPlan,
  encoders: EncoderChoice,
  tell: Tell,
): Promise<WhipEquipment> {
  requireElements(gst, BASICS);
  const publisher = plan.modes.includes('webrtc') ? choosePublisher(gst, plan) : 'native';
  const encoder = await encoders.choose(gst, plan, (name) =>
    tell({ type: 'trying', encoder: name }),
  );
  tell({ type: 'trying', encoder: null });
  return { encoder, publisher };
}

/** What it will publish with, as the agent is told; `whip` null: not by WHIP. */
export function describeEquipment(
  gst: Gst,
  sound: boolean,
  whip: WhipEquipment | null,
): Extract<FromMedia, { type: 'equipped' }> {
  if (whip === null) {
    return { type: 'equipped', encoder: null, sound, publisher: null, publishers: [] };
  }
  const { element: name, codec, hardware } = whip.encoder;
  return {
    type: 'equipped',
    encoder: { name, codec, hardware },
    sound,
    publisher: whip.publisher,
    publishers: [...availablePublishers(gst)],
  };
}
