import { setImmediate } from 'node:timers/promises';
import { toHostError } from '../host-error.ts';
import { tryEncoder } from './encoding/probe.ts';
import { ENCODERS } from './encoding/encoders.ts';
import { loadGst, type Gst } from './gstreamer/native.ts';
import type { EncoderFinding, FromMedia, ToMedia } from './messages.ts';
import type { MediaMode, MediaPlan } from './plan.ts';
import { watchParent } from './parent-watch.ts';
import { Studio } from './studio.ts';

/** The media child: one capture and what each mode makes of it, in a process that native faults may end. */
const CLOSING_MS = 3_000;
/** Not while it starts: a thread costs 40 ms there. */
const WATCH_AFTER_MS = 1_000;
let leaving = false;

// The agent is trusted: loading its schemas would hold up the start.
process.on('message', (message) => void guard(() => handle(message as ToMedia)));
process.once('disconnect', () => void leave());
// The terminal sends these to the whole group; the agent says when to stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
tell({ type: 'ready' });
// What the first message needs in any case is done while the agent still reads its options.
const gst = setImmediate().then(startGst);
gst.catch(() => undefined);
const studio = gst.then((loaded) => new Studio(loaded, tell));
studio.catch(() => undefined);
if (!process.connected) process.exit(0);
setTimeout(watchParent, WATCH_AFTER_MS).unref();

async function handle(message: ToMedia): Promise<void> {
  switch (message.type) {
    case 'ping':
      tell({ type: 'pong' });
      break;
    case 'stop':
      await leave();
      break;
    case 'survey':
      await survey(message.plan);
      break;
    case 'release':
      await release(message.mode);
      break;
    default:
      await (await studio).obey(message);
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

async function release(mode: MediaMode): Promise<void> {
  await (await studio).release(mode);
  tell({ type: 'released', mode });
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
  try {
    await act();
  } catch (error) {
    const { code, message } = toHostError(error, 'media');
    if (!leaving) tell({ type: 'failed', mode: null, code, message });
  }
}

async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  // An exit waits for the thread pool, and with it for a state change that hangs.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), CLOSING_MS).unref();
  await studio.then((open) => open.close()).catch(() => undefined);
  // libdatachannel's threads hold the process otherwise.
  process.exit(0);
}

function tell(message: FromMedia): void {
  if (process.connected) process.send?.(message, () => undefined);
}
