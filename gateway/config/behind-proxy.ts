import type { Config } from './load.ts';
import { isLoopback } from './loopback.ts';

/** Whether clients come through a proxy, as far as the settings tell. */
export const isBehindProxy = ({ PUBLIC_URL: url, TRUSTED_PROXIES: proxies }: Config): boolean =>
  proxies.length > 0 || (url !== undefined && !isLoopback(new URL(url).hostname));
