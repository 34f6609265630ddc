import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { aToken } from '../../../support/gateway/a-token.ts';
import { startFakeSrs } from '../../../support/gateway/fake-srs.ts';
import { aMediaPublisher } from '../../../support/gateway/media-socket.ts';
import { anEnvironment } from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { WebhookClient } from '../../../support/webhooks/webhook-client.ts';
import { aReceiver } from '../../../support/webhooks/webhook-receiver.ts';

const MAIN = fileURLToPath(new URL('../../../../gateway/main.ts', import.meta.url));
const PATIENCE = { timeoutMs: 60_000 };

/** A gateway as a process that can be killed, with settings that outlive it. */
async function aProcess(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  onTestFinished(kill);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
  const url = await waitFor(() => /PixelCast (?:is ready|waits).* at (\S+)/.exec(output)?.[1], {
    ...PATIENCE,
    what: 'the gateway to listen',
  });
  return { url, kill };
}

async function aVisit(url: string, room: string): Promise<void> {
  const token = aToken({ sub: 'machine', room, can: ['publish'] });
  const socket = await aMediaPublisher(url, { room, token });
  socket.socket.close();
  await waitFor(() => socket.closed, { what: 'the socket to be closed' });
}

test('[WEBHOOK-12] a gateway killed in mid-delivery delivers what was in its outbox, in order', async () => {
  const srs = await startFakeSrs();
  const env = anEnvironment({
    SRS_NODES: srs.url,
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
    LOG_LEVEL: 'error',
  });
  const receiver = await aReceiver();
  await receiver.up();
  const rooms = ['a', 'b', 'c'];
  const before = await aProcess(env);
  const client = new WebhookClient(before.url);
  const { id } = await client.create({ url: receiver.url, rooms });
  let taken = 0;
  // Some are taken, then it hangs: what is under way at the kill may come twice.
  receiver.answer = () => ((taken += 1) <= 20 ? 200 : undefined);
  for (let visit = 0; visit < 8; visit += 1) {
    await Promise.all(rooms.map((room) => aVisit(before.url, room)));
  }
  const wanted = rooms.length * 8 * 7;
  const all = await waitFor(
    async () => {
      const found = await client.deliveries(id);
      return found.total === wanted && found.items;
    },
    { ...PATIENCE, what: 'all events in the outbox' },
  );
  await before.kill();
  expect(receiver.ids.length).toBeLessThan(wanted);
  receiver.answer = () => 200;
  await aProcess(env);
  await waitFor(() => receiver.ids.length >= wanted, { ...PATIENCE, what: 'all webhooks' });
  expect(receiver.ids.toSorted()).toEqual(all.map(({ event }) => event).toSorted());
  for (const room of rooms) {
    const own = receiver.received.filter(({ body }) => body.includes(`"room":"${room}"`));
    const firsts = [...new Set(own.map((each) => each.id))];
    expect(firsts, room).toEqual(firsts.toSorted());
  }
});
