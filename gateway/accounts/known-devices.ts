import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const VALUE = /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})$/;

/**
 * Browsers that an account has logged in with: what strangers guess elsewhere does not shut them out
 * (OWASP, Device Cookies). The value gives no right.
 */
export class KnownDevices {
  readonly #key: Buffer;

  /** `secret` is the gateway's own, so that what it signed is known after a restart. */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('pixelcast known devices').digest();
  }

  /** A value for a browser that has just logged in to an account. */
  issue(account: string): string {
    const device = randomBytes(12).toString('base64url');
    return `${device}.${this.#sign(account, device)}`;
  }

  /** The id of a browser that this account has logged in with; undefined for any other. */
  read(value: string, account: string): string | undefined {
    const [, device = '', signature = ''] = VALUE.exec(value) ?? [];
    const [own, given] = [Buffer.from(this.#sign(account, device)), Buffer.from(signature)];
    return own.length === given.length && timingSafeEqual(own, given) ? device : undefined;
  }

  #sign(account: string, device: string): string {
    return createHmac('sha256', this.#key).update(`${account} ${device}`).digest('base64url');
  }
}
