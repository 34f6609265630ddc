import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { isLoopback } from '../config/loopback.ts';

const HALF_A_YEAR = 182 * 24 * 3600;
/** What our pages use, for themselves alone; everything else a page could ask for stays off. */
const PERMISSIONS = [
  ...['display-capture', 'camera', 'microphone', 'fullscreen', 'autoplay', 'clipboard-write'].map(
    (feature) => `${feature}=(self)`,
  ),
  ...['picture-in-picture', 'screen-wake-lock', 'gamepad'].map((feature) => `${feature}=(self)`),
  ...['geolocation', 'payment', 'usb', 'serial', 'midi'].map((feature) => `${feature}=()`),
].join(', ');

/** Headers that tell browsers what our pages may do; `https`: clients come by HTTPS. */
export function securityHeaders({ https }: { readonly https: boolean }) {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:', 'mediastream:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Players of other origins read the API: CORS decides, not this.
    crossOriginResourcePolicy: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  return (req: Request, res: Response, next: NextFunction): void => {
    res.set('Permissions-Policy', PERMISSIONS);
    // A name of this machine must not be remembered as HTTPS for all its other ports.
    if (https && !isLoopback(req.hostname)) {
      res.set('Strict-Transport-Security', `max-age=${HALF_A_YEAR}`);
    }
    protect(req, res, next);
  };
}
