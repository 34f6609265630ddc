import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A running Xvfb of its own number, grey-stippled. */
export interface VirtualDisplay {
  readonly name: string;
  close(): Promise<void>;
}

/** Starts an Xvfb that chooses a free number; 640 by 360 unless told; `more` are options of Xvfb, `name` a free `:n`. */
export async function openVirtualDisplay(
  size: { readonly width: number; readonly height: number } = { width: 640, height: 360 },
  more: readonly string[] = [],
  name: string | null = null,
): Promise<VirtualDisplay> {
  const screen = `${size.width}x${size.height}x24`;
  const server = spawn(
    'Xvfb',
    [
      ...(name === null ? [] : [name]),
      '-displayfd',
      '3',
      '-screen',
      '0',
      screen,
      '-retro',
      // A client that comes while a server starts afresh after its last one waits for ever.
      '-noreset',
      '-nolisten',
      'tcp',
      ...more,
    ],
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
