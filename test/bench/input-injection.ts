import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { InputFrame } from '../../gateway/protocol/input.ts';
import { readCommand } from '../../host-publisher/gateway/host-command.ts';
import { HostInput } from '../../host-publisher/input/host-input.ts';
import { X11Injector } from '../../host-publisher/input/x11/x11-injector.ts';
import { aFrame, allIn, NOTHING_HELD } from '../support/host/a-frame.ts';
import { openVirtualDisplay } from '../support/host/virtual-display.ts';
import { X11Witness } from '../support/host/x11-witness.ts';
import type { BenchReport } from './bench-report.ts';
import { describeDistribution, distributionOf, type Distribution } from './distribution.ts';

const SCREEN = { width: 1280, height: 720 };
const A = { code: 'KeyA', keysym: 0x61 };
const SPAWNED = 60;

/** What is waited for, and the frame that brings it about. */
interface Kind {
  readonly name: string;
  readonly event: string;
  readonly frame: (turn: number) => Partial<InputFrame>;
}

const KINDS: readonly Kind[] = [
  {
    name: 'motion',
    event: 'MotionNotify',
    frame: (turn) => ({ pointer: { x: ((turn * 7) % 1000) / 1000, y: 0.5 } }),
  },
  {
    name: 'relative motion',
    event: 'MotionNotify',
    frame: (turn) => ({ travel: { x: turn % 2, y: 0 } }),
  },
  {
    name: 'key',
    event: 'KeyPress',
    frame: (turn) => ({ held: turn % 2 === 1 ? { ...NOTHING_HELD, keys: [A] } : NOTHING_HELD }),
  },
  {
    name: 'button',
    event: 'ButtonPress',
    frame: (turn) => ({ held: turn % 2 === 1 ? { ...NOTHING_HELD, buttons: 1 } : NOTHING_HELD }),
  },
  { name: 'wheel', event: 'ButtonPress', frame: (turn) => ({ wheel: { x: 0, y: turn } }) },
];

/**
 * From a frame's text at the agent until another program on the display has the event, beside
 * xdotool on the same display.
 */
export async function benchInjection(report: BenchReport, count: number): Promise<void> {
  const display = await openVirtualDisplay(SCREEN);
  const witness = await X11Witness.open(display.name, { x: 0, y: 0, ...SCREEN });
  const injector = new X11Injector({
    display: display.name,
    window: null,
    control: { keyboardMode: 'keysym', keyboardLayout: null },
    picture: () => SCREEN,
    say: (line) => report.line(line),
    onReset: () => undefined,
  });
  const input = new HostInput({
    injectors: [injector],
    send: () => undefined,
    onMark: () => undefined,
  });
  await input.ready();
  report.section('injection: frame at the agent -> event at another program');
  let epoch = 0;
  for (const kind of KINDS) {
    epoch += 1;
    input.lease({ type: 'control/leases', leases: allIn(epoch) });
    const took = await measure(input, witness, { kind, count, epoch });
    tell(report, kind.name, took);
    const p99 = took.p99;
    report.check({ name: `injection of ${kind.name}, p99`, value: p99, unit: 'ms', atMost: 5 });
  }
  report.section('the same by xdotool');
  tell(report, 'motion, a process each', await bySpawning(display.name, witness));
  tell(report, 'motion, one process', await byPipe(display.name, witness, count));
  await input.close();
  witness.close();
  await display.close();
}

const tell = (report: BenchReport, name: string, took: Distribution): void =>
  report.line(`  ${name.padEnd(24)} ${describeDistribution(took, 'ms')}`);

async function measure(
  input: HostInput,
  witness: X11Witness,
  { kind, count, epoch }: { kind: Kind; count: number; epoch: number },
): Promise<Distribution> {
  const took: number[] = [];
  for (let turn = 1; took.length < count; turn += 1) {
    const text = JSON.stringify(aFrame({ ...kind.frame(turn), epoch, sequence: turn }));
    const isSeen = turn % 2 === 1 || kind.event === 'MotionNotify' || kind.name === 'wheel';
    const seen = isSeen ? witness.next(kind.event) : null;
    const beganAtMs = performance.now();
    const read = readCommand(text);
    if ('command' in read && read.command.type === 'input/frame') input.take(read.command);
    if (seen === null) await witness.sync();
    else took.push((await seen) - beganAtMs);
  }
  return distributionOf(took);
}

async function bySpawning(display: string, witness: X11Witness): Promise<Distribution> {
  const took: number[] = [];
  const env = { ...process.env, DISPLAY: display };
  for (let turn = 0; turn < SPAWNED; turn += 1) {
    const seen = witness.next('MotionNotify');
    const beganAtMs = performance.now();
    const done = promisify(execFile)('xdotool', ['mousemove', String(100 + turn), '300'], { env });
    took.push((await seen) - beganAtMs);
    await done;
  }
  return distributionOf(took);
}

async function byPipe(display: string, witness: X11Witness, count: number): Promise<Distribution> {
  const took: number[] = [];
  const tool = spawn('xdotool', ['-'], {
    env: { ...process.env, DISPLAY: display },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  for (let turn = 0; turn < count; turn += 1) {
    const seen = witness.next('MotionNotify');
    const beganAtMs = performance.now();
    tool.stdin.write(`mousemove ${(turn * 7) % 1000} 200\n`);
    took.push((await seen) - beganAtMs);
  }
  tool.stdin.end();
  return distributionOf(took);
}
