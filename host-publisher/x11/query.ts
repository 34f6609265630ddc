import type { Client, Display } from 'x11';

const MOST_TEXT = 256;

/** What a request replies; null: an error, as of a window or a connection that has gone. */
export const ask = <T>(
  request: (reply: (error: Error | null | undefined, value: T) => boolean) => void,
): Promise<T | null> =>
  new Promise((resolve) => {
    try {
      request((error, value) => {
        resolve(error == null ? value : null);
        return true;
      });
    } catch {
      resolve(null);
    }
  });

/** A property of a window as text; empty where there is none. */
export async function readText(client: Client, window: number, name: string): Promise<string> {
  const atom = await ask<number>((reply) => client.InternAtom(false, name, reply));
  const value = await ask<{ readonly data: Buffer }>((reply) =>
    client.GetProperty(0, window, atom ?? 0, 0, 0, MOST_TEXT, reply),
  );
  return value?.data.toString() ?? '';
}

/** Whether both were made by one program's connection. */
export const isSameClient = ({ resource_mask: own }: Display, a: number, b: number): boolean =>
  ((a ^ b) & ~own) === 0;
