import { hmacKey } from '../auth/keys.ts';
import { Tokens } from '../auth/tokens.ts';
import type { CommandEnvironment } from '../config/command-environment.ts';
import { ConfigError, loadConfig, type Config } from '../config/load.ts';
import { localUrl } from '../local-url.ts';
import { createApi } from '../protocol/api/client.ts';
import { UsageError, type Arguments, type Target } from './command.ts';

/** Life of the token that is made for one command. */
const TOKEN_SECONDS = 300;
const TIMEOUT_MS = 30_000;

/**
 * The gateway that was named, or this machine's: known by its settings, with a token signed by its
 * own key.
 * @throws UsageError when another gateway is named without a token.
 */
export function connect(given: Arguments, environment: CommandEnvironment): Target {
  const url = given.text('url') || environment.url;
  const token = given.text('token') || environment.token;
  if (url !== undefined && token === undefined) {
    throw new UsageError('With --url give --token as well, or PIXELCAST_TOKEN.');
  }
  const config = url === undefined || token === undefined ? settings() : undefined;
  const origin = url === undefined ? addressOf(config) : originOf(url);
  return {
    url: origin,
    isLocal: url === undefined,
    api: createApi({
      baseUrl: origin,
      token: token ?? ownToken(config),
      fetch: (address, init) =>
        fetch(address, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }),
    }),
  };
}

/** Where the gateway of these settings is asked from its own machine. */
const addressOf = (config: Config | undefined): string => {
  if (config === undefined) return '';
  // A certificate is for the public name.
  const { tls, PUBLIC_URL } = config;
  return tls !== undefined && PUBLIC_URL !== undefined ? PUBLIC_URL : localUrl(config, config.PORT);
};

function ownToken(config: Config | undefined): string {
  if (config === undefined) return '';
  const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS;
  const tokens = new Tokens(hmacKey(config.JWT_SECRET.reveal()));
  return tokens.mint({ sub: 'command line', room: '*', can: ['admin'], exp });
}

function originOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`Not the address of a gateway: ${url}`);
  }
  return url.replace(/\/+$/, '');
}

function settings(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
