import { HostView, type Tuning } from '../../gateway/protocol/host.ts';
import type { SourceAddress } from '../config/gateway.ts';
import { refusalError, unreachableError } from '../gateway/refusal.ts';
import { HostError } from '../host-error.ts';

const REQUEST_MS = 10_000;

/** Fixes or releases what a tuning names, or only asks; the host as it is then. */
export async function askHost(
  { hostUrl, token }: Pick<SourceAddress, 'hostUrl' | 'token'>,
  tuning: Tuning,
): Promise<HostView> {
  const changes = Object.keys(tuning).length > 0;
  const response = await fetch(hostUrl, {
    method: changes ? 'PATCH' : 'GET',
    headers: {
      authorization: `Bearer ${token()}`,
      ...(changes ? { 'content-type': 'application/json' } : {}),
    },
    ...(changes ? { body: JSON.stringify(tuning) } : {}),
    signal: AbortSignal.timeout(REQUEST_MS),
  }).catch((cause: unknown) => {
    throw unreachableError(hostUrl, cause);
  });
  const body = await response.text().catch(() => '');
  if (!response.ok) {
    const retryAfter = response.headers.get('retry-after');
    throw refusalError({ url: hostUrl, status: response.status, retryAfter, body });
  }
  return readView(hostUrl, body);
}

function readView(url: string, body: string): HostView {
  try {
    return HostView.parse(JSON.parse(body));
  } catch (cause) {
    throw new HostError('not-an-endpoint', `${url} answers with no host.`, { cause });
  }
}

/** One line about what a host publishes now, and one about what is fixed. */
export function describeHost({ status, capabilities, figures }: HostView): string {
  const { picture, fixed, state, codec, encoder, message } = status;
  const shown =
    picture === null
      ? `${capabilities.kind}, ${state}`
      : `${capabilities.kind}, ${state}: ${picture.width}x${picture.height} at ${picture.fps} frames ` +
        `per second, ${picture.bitrateKbps} kbit/s, ${codec ?? '-'} by ${encoder ?? '-'}`;
  const size = fixed.size === null ? null : `${fixed.size.width}x${fixed.size.height}`;
  const words = Object.entries({ bitrate: fixed.bitrateKbps, ...fixed, size })
    .filter(([name, value]) => value !== null && name !== 'bitrateKbps')
    .map(([name, value]) => `${name} ${String(value)}`);
  return [
    shown,
    words.length === 0 ? 'Nothing is fixed.' : `Fixed: ${words.join(', ')}.`,
    ...(figures === null || state !== 'live' ? [] : [`It sends ${figures.sentKbps} kbit/s.`]),
    ...(message === null ? [] : [message]),
    '',
  ].join('\n');
}
