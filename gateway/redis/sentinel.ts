import { createClient } from 'redis';

/** Default of Redis' own configuration. */
const SENTINEL_PORT = '26379';
const ASK_MS = 2_000;

/**
 * `redis+sentinel://user:password@host:port,host:port/name`: several sentinels and the master that
 * they watch; `rediss+sentinel:` speaks TLS. User and password are the master's.
 */
const FORM = /^redis(s?)\+sentinel:\/\/(?:([^@/\s]*)@)?([^@/\s]+)\/([\w.-]+)$/;

export interface Sentinels {
  readonly urls: readonly string[];
  /** Of the master, as the sentinels call it. */
  readonly name: string;
  /** What goes before the master's address. */
  readonly before: string;
}

/** Undefined: the URL names a Redis itself. */
export function readSentinels(url: string): Sentinels | undefined {
  const [, tls, login, hosts, name] = FORM.exec(url) ?? [];
  if (hosts === undefined || name === undefined) return undefined;
  const scheme = `redis${tls ?? ''}://`;
  const urls = hosts
    .split(',')
    .map((host) => `${scheme}${/:\d+$/.test(host) ? host : `${host}:${SENTINEL_PORT}`}`);
  if (!urls.every((each) => URL.canParse(each))) return undefined;
  return { urls, name, before: login === undefined ? scheme : `${scheme}${login}@` };
}

/** Where the master is now, as the first sentinel says that answers. @throws when none does */
export async function masterUrl({ urls, name, before }: Sentinels): Promise<string> {
  let failure: unknown;
  for (const url of urls) {
    try {
      const [host, port] = await askSentinel(url, name);
      return `${before}${host.includes(':') ? `[${host}]` : host}:${port}`;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error('no sentinel knows the master', { cause: failure });
}

async function askSentinel(url: string, name: string): Promise<[host: string, port: string]> {
  const sentinel = createClient({
    url,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    socket: { connectTimeout: ASK_MS, socketTimeout: ASK_MS, reconnectStrategy: false },
  });
  sentinel.on('error', () => undefined);
  try {
    await sentinel.connect();
    const reply: unknown = await sentinel.sendCommand([
      'SENTINEL',
      'get-master-addr-by-name',
      name,
    ]);
    if (!Array.isArray(reply) || reply.length !== 2) throw new Error(`it has no master "${name}"`);
    return [String(reply[0]), String(reply[1])];
  } finally {
    if (sentinel.isOpen) sentinel.destroy();
  }
}
