import { isBehindProxy } from './config/behind-proxy.ts';
import type { Config } from './config/load.ts';
import type { AppDeps } from './http/app.ts';

type Edge = Pick<
  AppDeps,
  | 'publicUrl'
  | 'metricsPublic'
  | 'behindProxy'
  | 'https'
  | 'corsOrigins'
  | 'embedOrigins'
  | 'privateNetworkAccess'
  | 'plainHttp'
  | 'tokenInQuery'
  | 'ifMatch'
  | 'trustedProxies'
  | 'mediaWebSocket'
  | 'settings'
>;

/** What the HTTP edge is told by the settings. */
export const edgeSettings = (config: Config): Edge => ({
  publicUrl: config.PUBLIC_URL,
  metricsPublic: config.METRICS_PUBLIC,
  behindProxy: isBehindProxy(config),
  https: config.tls !== undefined || config.PUBLIC_URL?.startsWith('https:') === true,
  corsOrigins: config.CORS_ORIGINS,
  embedOrigins: config.EMBED_ORIGINS,
  privateNetworkAccess: config.PRIVATE_NETWORK_ACCESS,
  plainHttp: config.PLAIN_HTTP,
  tokenInQuery: config.TOKEN_IN_QUERY,
  ifMatch: config.IF_MATCH,
  trustedProxies: config.TRUSTED_PROXIES,
  mediaWebSocket: config.MEDIA_WEBSOCKET,
  settings: config.inForce,
});
