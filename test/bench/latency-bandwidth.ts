import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WATCH_MEDIA_PROTOCOL } from '../../gateway/protocol/media/media-protocol.ts';
import { writePainted } from '../../gateway/protocol/media/painted.ts';
import { readStripe } from '../../gateway/protocol/media/stripe.ts';
import { openVirtualDisplay } from '../support/host/virtual-display.ts';
import type { BenchReport } from './bench-report.ts';
import { openHost } from './latency-sources.ts';
import type { LatencyStage } from './latency-stage.ts';
import { readProcessTree } from './process-tree.ts';

const PICTURE = { width: 1280, height: 720, fps: 30, kbps: 2_500 };
/** Until still rows are as good as they get. */
const SETTLE_MS = 4_000;
const LINE = 'the quick brown fox jumps over the lazy dog 0123456789';

/** What happens on the desktop, as a program of a terminal that fills it, or a player. */
const CONTENTS = {
  'still desktop': terminal(`seq -f "%g ${LINE}" 40; exec sleep 1000`),
  typing: terminal(`seq -f "%g ${LINE}" 20; while :; do printf x; sleep 0.15; done`),
  scrolling: terminal(`while :; do echo "$RANDOM ${LINE} $RANDOM ${LINE}"; sleep 0.05; done`),
  video: (
    'gst-launch-1.0 -q videotestsrc is-live=true pattern=smpte horizontal-speed=4 ! ' +
    'video/x-raw,width=1280,height=720,framerate=30/1 ! videoconvert ! ximagesink'
  ).split(' '),
} as const;

function terminal(program: string): readonly string[] {
  return ['xterm', '-geometry', '211x55+0+0', '-e', 'bash', '-c', program];
}

export interface BandwidthOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly seconds: number;
}

/** What one viewer is sent of a desktop on which different things happen, and what that costs the host. */
export async function measureBandwidth(
  stage: LatencyStage,
  report: BenchReport,
  { name, argv, seconds }: BandwidthOptions,
): Promise<void> {
  report.section(`a desktop of 1280x720 at 30 frames per second, ${name}`);
  for (const [what, command] of Object.entries(CONTENTS)) {
    const display = await openVirtualDisplay(PICTURE);
    const [program = '', ...rest] = command;
    const shown = spawn(program, rest, {
      env: { ...process.env, DISPLAY: display.name },
      stdio: 'ignore',
    });
    const ended = once(shown, 'exit');
    const room = stage.newRoom();
    const desktop = ['--source', 'desktop', '--display', display.name, '--audio', 'none'];
    const host = await openHost(stage, { room, picture: PICTURE, argv: [...argv, ...desktop] });
    try {
      const viewer = await CountingViewer.open(stage, room);
      await delay(SETTLE_MS);
      const cpuOf = (): number => readProcessTree(host.processes['media'] ?? 0).cpuSeconds;
      const [bytes, pictures, cpu] = [viewer.bytes, viewer.pictures, cpuOf()];
      await delay(seconds * 1_000);
      const kbps = ((viewer.bytes - bytes) * 8) / 1_000 / seconds;
      const fps = (viewer.pictures - pictures) / seconds;
      const share = ((cpuOf() - cpu) / seconds) * 100;
      report.line(
        `  ${what}: ${kbps.toFixed(0)} kbit/s, ${fps.toFixed(1)} pictures per second, ` +
          `media process ${share.toFixed(1)} % of a core`,
      );
      viewer.close();
    } finally {
      await host.close();
      shown.kill('SIGKILL');
      await ended;
      await display.close();
    }
  }
}

/** Counts what it is sent and receipts it at once. */
class CountingViewer {
  bytes = 0;
  pictures = 0;
  readonly #socket: WebSocket;

  static async open(stage: LatencyStage, room: string): Promise<CountingViewer> {
    const url = `${stage.gateway.url.replace(/^http/, 'ws')}/ws/media/${room}`;
    const authorization = `Bearer ${stage.gateway.mint(room, ['watch'], 'viewer')}`;
    const socket = new WebSocket(url, WATCH_MEDIA_PROTOCOL, { headers: { authorization } });
    const viewer = new CountingViewer(socket);
    await once(socket, 'open');
    return viewer;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) return;
      this.bytes += data.length;
      const stripe = readStripe(data);
      if (typeof stripe === 'string' || !stripe.isLast) return;
      this.pictures += 1;
      socket.send(writePainted(stripe.frame));
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
