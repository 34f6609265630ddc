/**
 * Whether a token claims the right to steer a source's host, so that a page knows what to show. It
 * verifies nothing: the gateway decides.
 */
export function claimsHost(token: string, source: string): boolean {
  const { can, sources } = readClaims(token);
  const mayHost = Array.isArray(can) && (can.includes('host') || can.includes('admin'));
  return mayHost && (!Array.isArray(sources) || sources.includes(source));
}

function readClaims(token: string): { readonly can?: unknown; readonly sources?: unknown } {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    const claims: unknown = JSON.parse(atob(payload));
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
