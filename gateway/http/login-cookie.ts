import type { CookieOptions, Request, Response } from 'express';

const YEAR_MS = 365 * 24 * 3600_000;

/** `__Host-`: set by this very host, by https and for all its paths (RFC 6265bis §4.1.3.2). */
const nameOf = (req: Request, name: string): string => (req.secure ? `__Host-${name}` : name);

const options = (req: Request): CookieOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: req.secure,
  path: '/',
});

/** The login cookie of a request; undefined without one. */
export const loginCookieOf = (req: Request): string | undefined => readCookie(req, 'pixelcast');

/** What the browser is known by since an earlier login; '' when it is not. */
export const deviceCookieOf = (req: Request): string => readCookie(req, 'pixelcast-device') ?? '';

/** Sets the cookie of a new login, which ends with the browser, and that of its device. */
export function setLoginCookies(
  req: Request,
  res: Response,
  { cookie, device }: { readonly cookie: string; readonly device: string },
): void {
  res.cookie(nameOf(req, 'pixelcast'), cookie, options(req));
  const kept = { ...options(req), maxAge: YEAR_MS };
  res.cookie(nameOf(req, 'pixelcast-device'), device, kept);
}

/** Takes the cookie of a login back. */
export function clearLoginCookie(req: Request, res: Response): void {
  res.clearCookie(nameOf(req, 'pixelcast'), options(req));
}

/** The first of a name: another host of the domain can set no `__Host-` cookie to come before it. */
function readCookie(req: Request, name: string): string | undefined {
  const prefix = `${nameOf(req, name)}=`;
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}
