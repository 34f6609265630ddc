import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps what gateways of a cluster leave in Redis for each other from whoever can read Redis (AES-256-GCM). */
export class Envelope {
  readonly #key: Buffer;

  /** `secret`: `CLUSTER_SECRET`, or what signs tokens. */
  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'pixelcast cluster envelope', 32));
  }

  close(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
  }

  /** Undefined: it was closed with another secret, or changed. */
  open(closed: string): string | undefined {
    const all = Buffer.from(closed, 'base64');
    const nonce = all.subarray(0, NONCE_BYTES);
    const tag = all.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    if (tag.length < TAG_BYTES) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce);
      decipher.setAuthTag(tag);
      const body = decipher.update(all.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([body, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
