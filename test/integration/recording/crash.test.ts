import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { descendantsOf } from '../../support/process-family.ts';
import { publishFromPage, whipExchange } from '../../support/recording/media-page.ts';
import { probe } from '../../support/recording/probe.ts';
import { spoolGrows, spoolHolds } from '../../support/recording/spool.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

let browser: TestBrowser;

beforeAll(async () => {
  browser = await openTestBrowser();
});
afterAll(() => browser.close());

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};
const named = (gateway: GatewayProcess, script: string): number[] =>
  descendantsOf(gateway.pid).filter((pid) => commandOf(pid).includes(script));

/** Who is killed, by the gateway's process. */
const VICTIMS = {
  everything: (gateway: GatewayProcess) => [gateway.pid, ...descendantsOf(gateway.pid)],
  'the engine': (gateway: GatewayProcess) => named(gateway, 'child-main.ts'),
  'the recorder': (gateway: GatewayProcess) => named(gateway, 'recorder-main.ts'),
} as const;

test.runIf(process.platform === 'linux').each(Object.entries(VICTIMS))(
  '[REC-03] [REC-94] %s is killed in mid-recording: what was written plays, and the index heals',
  { timeout: 180_000 },
  async (name, victims) => {
    const folder = aFolder();
    const settings = {
      ...{ RECORDING: 'on-demand', RECORDINGS_DIR: folder, RECORDINGS_MIN_FREE_GB: '0' },
      ...{ DATA_DIR: aFolder(), SRS_NODES: '', PORT: '0' },
    };
    const first = await GatewayProcess.start(settings);
    let gateway = first;
    onTestFinished(async () => {
      await gateway.close();
      await first.close();
    });
    const token = first.token({ sub: 'anna', room: 'demo', can: ['publish', 'operate'] });
    const page = await browser.open('about:blank');
    await publishFromPage(page, whipExchange(`${first.url}/whip/demo`, token));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const reply = await fetch(`${first.url}/api/v1/rooms/demo/recordings`, {
      ...{ method: 'POST', headers, body: '{}' },
    });
    const { id } = (await reply.json()) as RecordingView;
    const spool = join(folder, '.engine', 'demo');
    await spoolHolds(folder, 'demo', 80_000);

    const sampledAt = Date.now();
    // What had come by then is in the second fragment after it at the latest.
    for (let grown = 0; grown < 2; grown += 1) await spoolGrows(folder, 'demo', 0);
    const killed = victims(first);
    const killedAt = Date.now();
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    if (killed.includes(first.pid)) gateway = await GatewayProcess.start(settings);
    else await fetch(`${first.url}/api/v1/recordings/${id}/stop`, { method: 'POST', headers });

    const view = await waitFor(
      async () => {
        const told = (await gateway.api('GET', `/api/v1/recordings/${id}`)) as RecordingView;
        return told.state === 'ready' ? told : null;
      },
      { timeoutMs: 90_000, what: 'the recording to be ready' },
    );
    const part = view.parts.find(({ state }) => state === 'ready') ?? expect.fail();
    const media = await fetch(`${gateway.url}/api/v1/recordings/${id}/parts/${part.id}.mp4`, {
      headers,
    });
    const file = join(aFolder(), 'part.mp4');
    await writeFile(file, Buffer.from(await media.arrayBuffer()));
    const probed = await probe(file);
    expect(probed.complaints).toBe('');
    expect(probed.video?.frames).toBeGreaterThan(10);
    expect(probed.audio?.frames).toBeGreaterThan(10);
    const lastAt = part.startedAt + (probed.video?.lastSeconds ?? 0) * 1000;
    process.stdout.write(`lost of ${name}: the last ${(killedAt - lastAt).toFixed(0)} ms\n`);
    expect(lastAt).toBeGreaterThan(sampledAt);
    await waitFor(async () => (await readdir(spool)).length === 0, {
      timeoutMs: 60_000,
      what: 'the files of the engine to be removed',
    });
    await page.close();
  },
);
