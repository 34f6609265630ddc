import type { IceProvider, Issued, IssueWish } from '../../../gateway/ice/issued.ts';
import { createLogger } from '../../../gateway/observability/logger.ts';
import type { IceServer } from '../../../gateway/protocol/ice.ts';

/** A provider whose answers a test gives by hand; time and chance are the test's too. */
export class HandProvider implements IceProvider {
  readonly name = 'cloudflare';
  /** Epoch milliseconds. */
  at = 0;
  readonly wishes: IssueWish[] = [];
  readonly revoked: string[] = [];
  readonly lines: string[] = [];
  /** Throws to fail; undefined: servers named after the count of requests. */
  answer: (() => Promise<Issued>) | undefined;
  failRevoking = false;

  /** What sources are made of. */
  options(lifetimeMs = 600_000) {
    const log = createLogger({
      level: 'trace',
      format: 'json',
      destination: { write: (line) => void this.lines.push(line) },
    });
    return { provider: this, log, now: () => this.at, random: () => 0, lifetimeMs };
  }

  issue(wish: IssueWish): Promise<Issued> {
    this.wishes.push(wish);
    return this.answer?.() ?? Promise.resolve(this.list(wish));
  }

  revoke(servers: readonly IceServer[]): Promise<void> {
    if (this.failRevoking) return Promise.reject(new Error('no revocation of top-secret'));
    this.revoked.push(...servers.flatMap(({ username }) => username ?? []));
    return Promise.resolve();
  }

  /** For the latest request. */
  list({ lifetimeMs } = this.wishes.at(-1) ?? { lifetimeMs: 0 }): Issued {
    const username = `user-${this.wishes.length}`;
    const servers = [{ urls: ['turn:a'], username, credential: 'c' }];
    return { servers, expiresAt: this.at + lifetimeMs, renewAt: this.at + lifetimeMs / 2 };
  }
}
