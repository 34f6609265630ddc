import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { placedAt } from './media-server.ts';

const STUB = fileURLToPath(new URL('stub-node-main.ts', import.meta.url));

/** Starts `stub-node-main.ts`, whose hooks go to `hooksUrl`. */
export async function startStubNode(
  hooksUrl: string,
  core: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const child = fork(STUB, [hooksUrl], placedAt({ core }));
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
