import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { isLoopback } from '../config/loopback.ts';

const HALF_A_YEAR = 182 * 24 * 3600;
/** What our pages use, for themselves alone; everything else a page could ask for stays off. */
const PERMISSIONS = [
  ...['display-capture', 'camera', 'microphone', 'fullscreen', 'autoplay'],
  ...['clipboard-read', 'clipboard-write', 'keyboard-map'],
  ...['picture-in-picture', 'screen-wake-lock', 'gamepad'],
]
  .map((feature) => `${feature}=(self)`)
  .concat(['geolocation', 'payment', 'usb', 'serial', 'midi'].map((feature) => `${feature}=()`))
  .join(', ');

/** The page that pages of `EMBED_ORIGINS` may show in a frame. */
const EMBEDDABLE = /^\/watch\//;

export interface SecurityHeaderOptions {
  /** Clients come by HTTPS. */
  readonly https: boolean;
  /** Who may show the watch page in a frame; `*`: everybody. */
  readonly embedOrigins: readonly string[];
}

/** Headers that tell browsers what our pages may do, and who may frame them. */
export function securityHeaders({ https, embedOrigins }: SecurityHeaderOptions) {
  const protect = headersFor(["'none'"]);
  const protectFramed = embedOrigins.length > 0 ? headersFor(embedOrigins) : protect;
  return (req: Request, res: Response, next: NextFunction): void => {
    res.set('Permissions-Policy', PERMISSIONS);
    // A name of this machine must not be remembered as HTTPS for all its other ports.
    if (https && !isLoopback(req.hostname)) {
      res.set('Strict-Transport-Security', `max-age=${HALF_A_YEAR}`);
    }
    (EMBEDDABLE.test(req.path) ? protectFramed : protect)(req, res, next);
  };
}

function headersFor(frameAncestors: readonly string[]) {
  return helmet({
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
        frameAncestors,
      },
    },
    // Players of other origins read the API: CORS decides, not this.
    crossOriginResourcePolicy: false,
    strictTransportSecurity: false,
    // It can name no origins; browsers that know both go by `frame-ancestors`.
    xFrameOptions: frameAncestors.includes("'none'") ? { action: 'deny' } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}
