import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { NodeTransport } from '../../../gateway/media/srs/transport.ts';

const NODE_MS = 20;

test('[LIFE-1] hundreds of sessions that end at once are deleted at most 32 at a time, and all', async () => {
  let open = 0;
  let most = 0;
  let deleted = 0;
  const node = createServer((_request, response) => {
    open += 1;
    most = Math.max(most, open);
    // A node takes its time: only so can requests pile up.
    setTimeout(() => {
      open -= 1;
      deleted += 1;
      response.end();
    }, NODE_MS);
  });
  node.listen(0, '127.0.0.1');
  await once(node, 'listening');
  onTestFinished(() => void node.close());
  const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  const transport = new NodeTransport({
    apiUrl: url,
    signallingUrl: url,
    user: undefined,
    password: undefined,
  });
  onTestFinished(() => transport.close());

  await Promise.all(
    Array.from({ length: 400 }, (_, at) => transport.delete(`/rtc/v1/whip/?session=${at}`)),
  );
  expect(deleted).toBe(400);
  expect(most).toBeLessThanOrEqual(32);
});
