import type { Request } from 'express';

/**
 * Scheme and authority that clients use: as configured, else as this request came in. A Host that
 * is not one gives '' and so a path-absolute Location, which every known client resolves.
 */
export function baseUrlOf(req: Request, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  // HTTP/1.0 may come without Host; express then says undefined, against its types.
  const host = (req.host as string | undefined) ?? '';
  return /^(\[[0-9a-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:\d{1,5})?$/i.test(host)
    ? `${req.protocol}://${host}`
    : '';
}
