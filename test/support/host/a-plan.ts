import { FREE } from '../../../host-publisher/adaptation/tuning.ts';
import type { MediaPlan } from '../../../host-publisher/media/plan.ts';

/** A small cube without sound, on whatever encoder works. */
export const aPlan = (more: Partial<MediaPlan> = {}): MediaPlan => ({
  source: 'cube',
  display: null,
  window: null,
  file: null,
  loop: true,
  device: null,
  cursor: 'none',
  renderer: 'software',
  record: null,
  sound: 'none',
  picture: { width: 320, height: 180, fps: 15, bitrateKbps: 500 },
  content: 'motion',
  fixed: FREE,
  encoder: null,
  excludedEncoders: [],
  publisher: 'native',
  excludedPublishers: [],
  iceServers: [],
  modes: ['webrtc', 'websocket'],
  stripes: { encoder: null, quality: 60 },
  ...more,
});
