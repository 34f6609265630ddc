import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';
import { onTestFinished } from 'vitest';

type Algorithm = 'RS256' | 'PS256' | 'ES256';

/** A key pair of an issuer, with its public half as the member of a JWK set. */
export class IssuerKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly #privateKey: KeyObject;
  readonly jwk: Record<string, unknown>;

  constructor(kid: string, algorithm: Algorithm = 'ES256') {
    const { privateKey, publicKey } =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.kid = kid;
    this.algorithm = algorithm;
    this.#privateKey = privateKey;
    this.jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  }

  /** A token for anna in `demo`, for an hour; `header` may lie about its key. */
  sign(claims: object = {}, header: object = { kid: this.kid }): string {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const payload = { sub: 'anna', room: 'demo', can: ['publish', 'watch'], exp, ...claims };
    const written = JSON.parse(JSON.stringify(payload)) as { readonly iat?: number };
    return jwt.sign(written, this.#privateKey, {
      algorithm: this.algorithm,
      noTimestamp: written.iat === undefined,
      header: { alg: this.algorithm, ...header },
    });
  }
}

/** Another token issuer: a server with a JWK set, or whatever a test puts in its place. */
export class FakeIssuer {
  keys: IssuerKey[] = [];
  headers: Record<string, string> = {};
  /** Takes a request over; undefined: the keys are the answer. */
  answer: ((res: ServerResponse) => void) | undefined;
  /** Answers wait here. */
  gate: Promise<unknown> = Promise.resolve();
  readonly seen: IncomingMessage[] = [];
  readonly #server = createServer((req, res) => void this.#receive(req, res));

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks.json`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #receive(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.seen.push(req);
    await this.gate;
    if (this.answer !== undefined) {
      this.answer(res);
      return;
    }
    res.writeHead(200, { 'content-type': 'application/jwk-set+json', ...this.headers });
    res.end(JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) }));
  }
}

/** An issuer that listens; it is closed after the test. */
export async function startFakeIssuer(...keys: IssuerKey[]): Promise<FakeIssuer> {
  const issuer = new FakeIssuer();
  issuer.keys = keys;
  await issuer.listen();
  onTestFinished(() => issuer.close());
  return issuer;
}
