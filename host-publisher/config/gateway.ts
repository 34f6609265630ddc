import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RoomId, SourceId } from '../../gateway/protocol/ids.ts';
import { mintLocalToken } from '../gateway/local-token.ts';
import type { WhipEndpoint } from '../gateway/whip-session.ts';
import { readMediaAddress } from '../gateway/media-address.ts';
import { HostError } from '../host-error.ts';
import type { Environment } from './settings.ts';

/** Half the life of a token that is signed here. */
const LOCAL_TOKEN_KEPT_MS = 12 * 3_600_000;

/** Options that every command takes. */
export const GATEWAY_OPTIONS = {
  room: { type: 'string', default: 'demo' },
  gateway: { type: 'string', default: 'http://127.0.0.1:8080' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
} as const;

export interface GatewayOptions {
  readonly room: string;
  readonly gateway: string;
  readonly token?: string | undefined;
  readonly 'token-file'?: string | undefined;
}

/** One source of a room at its gateway. */
export interface SourceAddress extends WhipEndpoint {
  /** The host socket: `ws:` or `wss:`. */
  readonly socketUrl: string;
  /** The media socket: `ws:` or `wss:`. */
  readonly mediaUrl: string;
  /** The signalling socket: `ws:` or `wss:`. */
  readonly signalUrl: string;
  readonly room: string;
  readonly source: string;
  readonly iceServersUrl: string;
  /** The host in the API. */
  readonly hostUrl: string;
}

/**
 * Names are checked here; `option` is the one that named the source.
 * @throws HostError with one sentence for a wrong option or a token that is nowhere
 */
export function readAddress(
  options: GatewayOptions,
  source: { option: string; name: string },
  environment: Environment,
): SourceAddress {
  const gateway = URL.parse(options.gateway);
  if (gateway === null || !/^https?:$/.test(gateway.protocol)) {
    throw new HostError(
      'usage',
      '--gateway must be an http or https address, as http://127.0.0.1:8080.',
    );
  }
  const room = readName(RoomId, '--room', options.room);
  const name = readName(SourceId, source.option, source.name);
  const at = (path: string): string =>
    new URL(`${gateway.pathname.replace(/\/$/, '')}${path}`, gateway).href;
  return {
    url: at(`/whip/${room}/${name}`),
    socketUrl: at(`/ws/host/${room}/${name}`).replace(/^http/, 'ws'),
    mediaUrl: at(`/ws/media/${room}/${name}`).replace(/^http/, 'ws'),
    signalUrl: at('/ws/signal').replace(/^http/, 'ws'),
    ...{ room, source: name },
    iceServersUrl: at('/api/v1/ice-servers'),
    hostUrl: at(`/api/v1/rooms/${room}/hosts/${name}`),
    token: readToken(options, environment, gateway, room),
    mediaAddress: environment['CS_MEDIA_ADDRESS']
      ? readMediaAddress(environment['CS_MEDIA_ADDRESS'])
      : null,
  };
}

function readName(schema: typeof RoomId | typeof SourceId, option: string, given: string): string {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new HostError('usage', `${option} must be 1 to 64 letters, digits, "-" or "_".`);
}

function readToken(
  options: GatewayOptions,
  environment: Environment,
  gateway: URL,
  room: string,
): () => string {
  const { CS_TOKEN, CS_TOKEN_FILE } = environment;
  const file = options['token-file'] ?? (CS_TOKEN ? undefined : CS_TOKEN_FILE);
  if (file && options.token === undefined) {
    readSecret(file);
    return () => readSecret(file);
  }
  const given = options.token ?? CS_TOKEN;
  if (given) return () => given;
  const secretFile = join(environment['DATA_DIR'] || 'data', 'jwt-secret');
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(gateway.hostname);
  if (isLocal && environment['JWT_SECRET']) {
    const secret = environment['JWT_SECRET'];
    return localTokens(() => secret, room);
  }
  if (isLocal && existsSync(secretFile)) {
    return localTokens(() => readSecret(secretFile), room);
  }
  throw new HostError(
    'usage',
    'There is no token: set CS_TOKEN, or give --token-file or --token. Beside a gateway of "npm start" ' +
      `none is needed, but ${secretFile} is not there.`,
  );
}

/** The same token for hours, unless the secret changed. */
function localTokens(readKey: () => string, room: string): () => string {
  const kept = { key: '', token: '', untilMs: 0 };
  return () => {
    const [key, nowMs] = [readKey(), Date.now()];
    if (key !== kept.key || nowMs > kept.untilMs) {
      const token = mintLocalToken(key, room, nowMs);
      Object.assign(kept, { key, token, untilMs: nowMs + LOCAL_TOKEN_KEPT_MS });
    }
    return kept.token;
  };
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new HostError('usage', `${file} cannot be read.`, { cause });
  }
}
