import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../support/browser/chromium-path.ts';
import type { BenchReport } from './bench-report.ts';
import { describeDistribution, distributionOf } from './distribution.ts';
import type { Arrival } from './input-transport-server.ts';
import { ENDS, LossyPath } from './lossy-path.ts';

const DELAY_MS = 20;
const LOSSES = [0, 0.01, 0.05];
const CASES = [
  { name: '125 motions and 10 keys a second', motions: 125, keys: 10 },
  { name: '10 keys a second', motions: 0, keys: 10 },
];
const SERVER = fileURLToPath(new URL('./input-transport-server.ts', import.meta.url));
const [A, B] = ENDS;

/** WebSocket and data channels side by side, on a path that loses packets. Linux, as root. */
export async function reportTransport(
  report: BenchReport,
  { seconds }: { readonly seconds: number },
): Promise<void> {
  const path = new LossyPath(DELAY_MS);
  const folder = mkdtempSync(join(tmpdir(), 'pixelcast-'));
  const far = spawn('ip', ['netns', 'exec', B.name, process.execPath, SERVER, B.address], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const [port] = (await once(far, 'message')) as [number];
    const script = join(folder, 'chromium');
    writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${A.name} ${await chromiumPath()} "$@"\n`);
    chmodSync(script, 0o755);
    const browser = await chromium.launch({ executablePath: script, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(`http://${B.address}:${port}/`);
      await page.evaluate(prepare, `ws://${B.address}:${port}`);
      for (const loss of LOSSES) {
        path.loss = loss;
        for (const each of CASES) {
          report.section(`${loss * 100} % lost, ${each.name}`);
          await run(report, { page, far, seconds, ...each });
        }
      }
    } finally {
      await browser.close();
    }
  } finally {
    far.kill();
    path.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly page: Page;
  readonly far: ChildProcess;
  readonly seconds: number;
  readonly motions: number;
  readonly keys: number;
}

async function run(report: BenchReport, { page, far, seconds, motions, keys }: Run): Promise<void> {
  await page.evaluate(([s, m, k]) => window.send(s, m, k), [seconds, motions, keys] as const);
  // What is sent again by a timer may take its time.
  await delay(2_000);
  far.send('tell');
  const [arrivals] = (await once(far, 'message')) as [Arrival[]];
  const by = (way: string, kind: 'm' | 'k') => arrivals.filter(([w, k]) => w === way && k === kind);
  const say = (what: string, values: readonly number[]): void =>
    report.line(`  ${what.padEnd(44)} ${describeDistribution(distributionOf(values), 'ms')}`);
  if (motions > 0) {
    say('age of the newest motion, WebSocket', agesOf(by('all', 'm')));
    say('age of the newest motion, channel', agesOf(by('motion', 'm')));
  }
  const delays = (way: string) => new Map(by(way, 'k').map(([, , n, at, here]) => [n, here - at]));
  const [all, alone, channel] = [delays('all'), delays('keys-alone'), delays('keys')];
  say('keys, WebSocket with motion', [...all.values()]);
  say('keys, WebSocket of their own', [...alone.values()]);
  say('keys, channel', [...channel.values()]);
  say(
    'keys, both, the first copy',
    [...alone].map(([n, ms]) => Math.min(ms, channel.get(n) ?? Infinity)),
  );
}

/** Sampled every 2 ms, so that what waits long counts long. */
function agesOf(arrivals: readonly Arrival[]): number[] {
  const sorted = arrivals.toSorted((a, b) => a[4] - b[4]);
  const ages: number[] = [];
  let newest = -Infinity;
  let index = 0;
  const from = (sorted[0]?.[4] ?? 0) + 500;
  for (let now = from; now < (sorted.at(-1)?.[4] ?? 0); now += 2) {
    for (; (sorted[index]?.[4] ?? Infinity) <= now; index += 1) {
      newest = Math.max(newest, sorted[index]?.[3] ?? 0);
    }
    ages.push(now - newest);
  }
  return ages;
}

declare global {
  interface Window {
    send(seconds: number, motions: number, keys: number): Promise<void>;
  }
}

/** Runs in the page: opens all ways, so that each case compares them at the same time. */
async function prepare(url: string): Promise<void> {
  const socket = async (name: string): Promise<WebSocket> => {
    const opened = new WebSocket(`${url}/${name}`);
    await new Promise((resolve) => opened.addEventListener('open', resolve));
    return opened;
  };
  const [signal, all, alone] = [
    await socket('signal'),
    await socket('all'),
    await socket('keys-alone'),
  ];
  const peer = new RTCPeerConnection();
  const keys = peer.createDataChannel('keys', { ordered: true });
  const motion = peer.createDataChannel('motion', { ordered: false, maxRetransmits: 0 });
  await peer.setLocalDescription();
  const answered = new Promise<string>((resolve) => {
    signal.addEventListener('message', ({ data }) => resolve(String(data)));
  });
  signal.send(peer.localDescription?.sdp ?? '');
  await peer.setRemoteDescription({ type: 'answer', sdp: await answered });
  while (keys.readyState !== 'open' || motion.readyState !== 'open') {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  let count = 0;
  // As large as a frame is.
  const frame = (k: 'm' | 'k'): string =>
    JSON.stringify({
      k,
      n: (count += 1),
      at: performance.timeOrigin + performance.now(),
      rest: 'x'.repeat(150),
    });
  window.send = (seconds, motionsASecond, keysASecond) =>
    new Promise((resolve) => {
      const startedAt = performance.now();
      const sent = { m: 0, k: 0 };
      const timer = setInterval(() => {
        const passed = (performance.now() - startedAt) / 1000;
        for (; sent.m < passed * motionsASecond; sent.m += 1) {
          const text = frame('m');
          all.send(text);
          motion.send(text);
        }
        for (; sent.k < passed * keysASecond; sent.k += 1) {
          const text = frame('k');
          for (const way of [all, alone, keys]) way.send(text);
        }
        if (passed < seconds) return;
        clearInterval(timer);
        resolve();
      }, 1);
    });
}
