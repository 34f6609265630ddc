import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A running Xvfb of its own number, grey-stippled and 640 by 360. */
export interface VirtualDisplay {
  readonly name: string;
  close(): Promise<void>;
}

/** Starts an Xvfb that chooses a free number. */
export async function openVirtualDisplay(): Promise<VirtualDisplay> {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '640x360x24', '-retro', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const ended = once(server, 'exit');
  const number = server.stdio[3];
  if (number == null) throw new Error('no pipe from Xvfb');
  const [text] = (await Promise.race([
    once(number, 'data'),
    ended.then(() => Promise.reject(new Error('Xvfb ended'))),
  ])) as [Buffer];
  return {
    name: `:${text.toString().trim()}`,
    close: async () => {
      server.kill();
      await ended;
    },
  };
}
