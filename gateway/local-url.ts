import type { Config } from './config/load.ts';

/** The gateway's own address as a client on this machine uses it; no slash at the end. */
export function localUrl(config: Config, port: number): string {
  const scheme = config.tls === undefined ? 'http' : 'https';
  return `${scheme}://${reachableHost(config.HOST)}:${port}`;
}

/** An address to connect to, for one to listen on: browsers take 0.0.0.0 for no secure context. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
