import { createClient, type Client, type Display } from 'x11';

/** @throws Error when nobody answers there. Errors of requests that nobody waits for are ignored. */
export function connect(name: string): Promise<Display> {
  return new Promise((resolve, reject) => {
    const client: Client = createClient({ display: name }, (error, display) => {
      if (error == null) resolve(display);
      else reject(error);
    });
    client.on('error', () => undefined);
  });
}

/** Null: the display has no such extension. */
export const extension = <T>(
  require: (reply: (error: Error | null | undefined, found: T) => void) => void,
): Promise<T | null> =>
  new Promise((resolve) => require((error, found) => resolve(error == null ? found : null)));
