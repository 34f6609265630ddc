import { setImmediate } from 'node:timers/promises';
import { toHostError, type HostError } from '../host-error.ts';
import { tryEncoder } from './encoding/probe.ts';
import { ENCODERS } from './encoding/encoders.ts';
import { loadGst, type Gst } from './gstreamer/native.ts';
import { ToMedia, type EncoderFinding, type FromMedia } from './messages.ts';
import type { MediaPlan } from './plan.ts';
import { Publication } from './publication.ts';

/** The media child: one publication, in a process that native faults may end. */
const CLOSING_MS = 3_000;
let publication: Publication | null = null;
let leaving = false;

process.on('message', (message) => handle(ToMedia.parse(message)));
process.once('disconnect', () => void leave());
// The terminal sends these to the whole group; the agent says when to stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
tell({ type: 'ready' });
// What the first message needs in any case is done while the agent still reads its options.
const gst = setImmediate().then(startGst);
gst.catch(() => undefined);
if (!process.connected) process.exit(0);

function handle(message: ToMedia): void {
  switch (message.type) {
    case 'ping':
      tell({ type: 'pong' });
      break;
    case 'survey':
      void guard(() => survey(message.plan));
      break;
    case 'prepare':
      void guard(() => prepare(message.plan));
      break;
    case 'answer':
      void guard(() => connect(message.sdp));
      break;
    case 'keyframe':
      publication?.askKeyframe();
      break;
    case 'tune':
    case 'audience':
      break;
    case 'input-mark':
      publication?.mark(message.id);
      break;
    case 'stop':
      void leave();
  }
}

async function survey(plan: MediaPlan): Promise<void> {
  const findings: EncoderFinding[] = [];
  for (const encoder of ENCODERS) {
    const excluded = plan.excludedEncoders.includes(encoder.element);
    if (!excluded) tell({ type: 'trying', encoder: encoder.element });
    const ended = { encoder: encoder.element, codec: encoder.codec, works: false };
    findings.push(
      excluded
        ? { ...ended, remark: 'ends the media process' }
        : await tryEncoder(await gst, encoder, plan.picture),
    );
  }
  tell({ type: 'surveyed', findings });
}

async function prepare(plan: MediaPlan): Promise<void> {
  publication = await Publication.prepare(await gst, plan, tell);
  publication.ended.then(
    (why) => tell({ type: 'peer-gone', why }),
    (error: unknown) => fail(toHostError(error, 'media')),
  );
  tell(await publication.offer());
}

async function connect(sdp: string): Promise<void> {
  await publication?.connect(sdp);
  tell({ type: 'live' });
}

function startGst(): Gst {
  const gst = loadGst();
  const error: [bigint | null] = [null];
  if (gst.init(null, null, error) !== 0) return gst;
  throw new Error(error[0] === null ? 'GStreamer does not start.' : gst.takeError(error[0]));
}

async function guard(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    fail(toHostError(error, 'media'));
  }
}

function fail({ code, message }: HostError): void {
  if (!leaving) tell({ type: 'failed', code, message });
}

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  setTimeout(() => process.exit(1), CLOSING_MS).unref();
  await publication?.close().catch(() => undefined);
  // libdatachannel's threads hold the process otherwise.
  process.exit(0);
}

function tell(message: FromMedia): void {
  if (process.connected) process.send?.(message, () => undefined);
}
