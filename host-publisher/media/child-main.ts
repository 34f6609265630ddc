import { setImmediate } from 'node:timers/promises';
import { toHostError } from '../host-error.ts';
import { tryEncoder } from './encoding/probe.ts';
import { EncoderChoice } from './encoding/encoder-choice.ts';
import { ENCODERS } from './encoding/encoders.ts';
import { loadGst, type Gst } from './gstreamer/native.ts';
import type { EncoderFinding, FromMedia, ToMedia } from './messages.ts';
import type { MediaPlan } from './plan.ts';
import { Publication } from './publication.ts';
import { watchParent } from './parent-watch.ts';

/** The media child: one publication at a time, in a process that native faults may end. */
const CLOSING_MS = 3_000;
/** Not while it starts: a thread costs 40 ms there. */
const WATCH_AFTER_MS = 1_000;
const encoders = new EncoderChoice();
let publication: Publication | null = null;
/** Changes with each release: what a released publication still says is not told. */
let turn = 0;
/** Ends a question that a release made needless. */
let asking = new AbortController();
let leaving = false;

// The agent is trusted: loading its schemas would hold up the start.
process.on('message', (message) => handle(message as ToMedia));
process.once('disconnect', () => void leave());
// The terminal sends these to the whole group; the agent says when to stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
tell({ type: 'ready' });
// What the first message needs in any case is done while the agent still reads its options.
const gst = setImmediate().then(startGst);
gst.catch(() => undefined);
if (!process.connected) process.exit(0);
setTimeout(watchParent, WATCH_AFTER_MS).unref();

function handle(message: ToMedia): void {
  switch (message.type) {
    case 'ping':
      tell({ type: 'pong' });
      break;
    case 'survey':
      void guard(() => survey(message.plan));
      break;
    case 'warm':
      void guard(() => warm(message.plan));
      break;
    case 'prepare':
      void guard(() => prepare(message.plan));
      break;
    case 'release':
      void guard(release);
      break;
    case 'answer':
      void guard(() => connect(message.sdp));
      break;
    case 'keyframe':
      publication?.askKeyframe();
      break;
    case 'tune':
      publication?.tune(message.tuning);
      break;
    case 'audience':
      publication?.hear(message.report);
      break;
    case 'pointer':
      publication?.showPointer(message.shown);
      break;
    case 'screen':
      publication?.resize(message.size);
      break;
    case 'input':
      publication?.inject(message.acts, message.fresh);
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

async function warm(plan: MediaPlan): Promise<void> {
  await Publication.look(await gst, plan, encoders, tell);
}

async function prepare(plan: MediaPlan): Promise<void> {
  const mine = turn;
  const tellMine = (message: FromMedia): void => {
    if (mine === turn) tell(message);
  };
  const made = await Publication.prepare(await gst, plan, encoders, tellMine, asking.signal);
  if (mine !== turn) {
    await made.close();
    return;
  }
  publication = made;
  made.ended.then(
    (why) => tellMine({ type: 'peer-gone', why }),
    (error: unknown) => tellMine(failure(error)),
  );
  tellMine(await made.offer());
}

async function connect(sdp: string): Promise<void> {
  const mine = turn;
  await publication?.connect(sdp);
  const firstPacketAtMs = Date.now();
  if (mine !== turn) return;
  tell({ type: 'live', firstPacketAtMs });
  encoders.confirm();
}

async function release(): Promise<void> {
  turn += 1;
  asking.abort();
  asking = new AbortController();
  const released = publication;
  publication = null;
  await released?.close();
  tell({ type: 'released' });
  // V8 sees little need to: what a publication leaves is mostly outside of its heap.
  globalThis.gc?.();
}

function startGst(): Gst {
  const gst = loadGst();
  const error: [bigint | null] = [null];
  if (gst.init(null, null, error) !== 0) return gst;
  throw new Error(error[0] === null ? 'GStreamer does not start.' : gst.takeError(error[0]));
}

async function guard(act: () => Promise<void>): Promise<void> {
  const before = turn;
  try {
    await act();
  } catch (error) {
    if (!leaving && before === turn) tell(failure(error));
  }
}

function failure(error: unknown): FromMedia {
  const { code, message } = toHostError(error, 'media');
  return { type: 'failed', code, message };
}

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  // An exit waits for the thread pool, and with it for a state change that hangs.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), CLOSING_MS).unref();
  await publication?.close().catch(() => undefined);
  // libdatachannel's threads hold the process otherwise.
  process.exit(0);
}

function tell(message: FromMedia): void {
  if (process.connected) process.send?.(message, () => undefined);
}
