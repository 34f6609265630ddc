/**
 * Whether a token claims the right to steer a source's host, so that a page knows what to show. It
 * verifies nothing: the gateway decides.
 */
export function claimsHost(token: string, source: string): boolean {
  const { can, sources } = readClaims(token);
  const mayHost =
    Array.isArray(can) && ['host', 'operate', 'admin'].some((right) => can.includes(right));
  return mayHost && (!Array.isArray(sources) || sources.includes(source));
}

/** The same of the right to steer the room. */
export function claimsOperate(token: string): boolean {
  const { can } = readClaims(token);
  return Array.isArray(can) && ['operate', 'admin'].some((right) => can.includes(right));
}

/** How long a token was made for, by its own word; an hour where it does not say. */
export function tokenLifeMs(token: string): number {
  const { iat, exp } = readClaims(token);
  const lifeMs = typeof iat === 'number' && typeof exp === 'number' ? (exp - iat) * 1000 : HOUR_MS;
  return Math.min(Math.max(0, lifeMs), HOUR_MS);
}

const HOUR_MS = 3_600_000;

function readClaims(token: string): {
  readonly can?: unknown;
  readonly sources?: unknown;
  readonly iat?: unknown;
  readonly exp?: unknown;
} {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    const claims: unknown = JSON.parse(atob(payload));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
