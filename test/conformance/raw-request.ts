import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Statuses in the order in which they came over one connection, `100` included. */
export interface RawAnswer {
  readonly statuses: readonly number[];
  readonly head: string;
  readonly text: string;
}

/**
 * Speaks HTTP as no library does: sends `lines`, and `body` at once or, when `body` is a function,
 * as soon as it says so for what has come. Resolves with all that came until `enough`, the end of
 * the connection or the time limit.
 */
export async function sendRaw(
  url: string,
  lines: readonly string[],
  given: {
    readonly body?: string | ((came: string) => string | null);
    readonly enough?: (came: string) => boolean;
    readonly timeoutMs: number;
  },
): Promise<RawAnswer> {
  const socket = open(new URL(url));
  const { body = '', enough = isWhole, timeoutMs } = given;
  let came = '';
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, timeoutMs);
    const finish = (): void => {
      clearTimeout(limit);
      resolve();
    };
    let bodySent = typeof body === 'string';
    socket.on('data', (chunk: Buffer) => {
      came += chunk.toString('latin1');
      if (!bodySent && typeof body === 'function') {
        const text = body(came);
        bodySent = text !== null;
        if (text !== null) socket.write(text);
      }
      if (enough(came)) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
    socket.write(`${lines.join('\r\n')}\r\n\r\n${typeof body === 'string' ? body : ''}`);
  });
  socket.destroy();
  return read(came);
}

function open(url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:') return connectTcp(Number(url.port || 80), host);
  return connectTls({ host, port: Number(url.port || 443), servername: host });
}

/** A final head and as much body as it announces. */
function isWhole(came: string): boolean {
  const { statuses, head, text } = read(came);
  if ((statuses.at(-1) ?? 0) < 200 || !came.includes('\r\n\r\n')) return false;
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return text.length >= Number(length);
  return /^transfer-encoding: *chunked/im.test(head) && text.endsWith('0\r\n\r\n');
}

function read(came: string): RawAnswer {
  const statuses: number[] = [];
  let rest = came;
  let head = '';
  for (;;) {
    const status = /^HTTP\/\d\.\d (\d{3})/.exec(rest)?.[1];
    if (status === undefined) break;
    statuses.push(Number(status));
    const end = rest.indexOf('\r\n\r\n');
    head = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 4);
    if (Number(status) >= 200) break;
  }
  return { statuses, head, text: rest };
}
