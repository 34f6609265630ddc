import { HostError } from '../host-error.ts';
import { hasElement, packageOf } from '../media/gstreamer/elements.ts';
import type { Gst } from '../media/gstreamer/native.ts';
import type { PublisherName, MediaPlan } from '../media/plan.ts';

/** What GStreamer's own elements need beside themselves. */
const PEER_ELEMENTS = ['webrtcbin', 'nicesink', 'dtlsenc', 'srtpenc', 'identity'];
const NEEDED: Readonly<Record<PublisherName, readonly string[]>> = {
  whipclientsink: ['whipclientsink', 'h264parse', 'rtph264pay', ...PEER_ELEMENTS],
  whipsink: ['whipsink', ...PEER_ELEMENTS],
  native: [],
};

/** The ways of publishing that this GStreamer has, in the order of `auto`. */
export function availablePublishers(gst: Gst): readonly PublisherName[] {
  return AUTO_ORDER.filter((name) => NEEDED[name].every((element) => hasElement(gst, element)));
}

const AUTO_ORDER: readonly PublisherName[] = ['whipclientsink', 'whipsink', 'native'];

/** The wanted way of publishing, or the first that works here; fails with what is missing. */
export function choosePublisher(gst: Gst, plan: MediaPlan): PublisherName {
  if (plan.publisher === 'auto') {
    const usable = availablePublishers(gst).filter(
      (name) => !plan.excludedPublishers.includes(name),
    );
    return usable[0] ?? 'native';
  }
  const missing = NEEDED[plan.publisher].filter((element) => !hasElement(gst, element));
  const [first] = missing;
  if (first === undefined) return plan.publisher;
  const remedy =
    first === plan.publisher
      ? 'Build it with npm run setup:whipsink.'
      : `On Debian: apt-get install ${[...new Set(missing.map(packageOf))].join(' ')}`;
  throw new HostError('software-missing', `GStreamer lacks ${missing.join(', ')}. ${remedy}`);
}
