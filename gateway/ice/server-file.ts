import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Logger } from '../observability/logger.ts';
import { IceServerList, type IceServer } from '../protocol/ice.ts';
import type { IceList, IceSource, IceSourceStatus } from './ice-source.ts';
import { ProviderFailure } from './provider-failure.ts';
import { SourceHealth } from './source-health.ts';

/** How often the file is looked at; a look costs a stat call and works on any file system. */
const LOOK_EVERY_MS = 1_000;

/**
 * The servers of a JSON file: a list, or an object with the list as `iceServers`. Read anew when the
 * file changes; one that cannot be used is told, and the last good list stays.
 */
export class ServerFile implements IceSource {
  readonly name = 'file';
  readonly #path: string;
  readonly #log: Logger;
  readonly #health: SourceHealth;
  #servers: readonly IceServer[];

  /** @throws Error with a sentence for the operator; no credential is in it */
  constructor(path: string, { log, now }: { log: Logger; now: () => number }) {
    this.#path = path;
    this.#log = log;
    this.#health = new SourceHealth({ name: this.name, log, now, random: Math.random });
    this.#servers = readServers(path);
    this.#health.succeeded();
  }

  start(): void {
    watchFile(this.#path, { interval: LOOK_EVERY_MS, persistent: false }, this.#reload);
  }

  close(): void {
    unwatchFile(this.#path, this.#reload);
  }

  current(): IceList {
    return { servers: this.#servers, expiresAt: Infinity };
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  /** Its credentials are everybody's. */
  sweep(): void {
    return;
  }

  status(): IceSourceStatus {
    const urls = this.#servers.flatMap((server) => server.urls);
    return { ...this.#health.status(), urls, holders: null, expiresAt: null };
  }

  readonly #reload = (): void => {
    try {
      this.#servers = readServers(this.#path);
      this.#health.succeeded();
      this.#log.info({ servers: this.#servers.length }, 'took the file of ICE servers');
    } catch (error) {
      this.#health.failed(error);
    }
  };
}

function readServers(path: string): readonly IceServer[] {
  const content = readJson(path);
  const list = IceServerList.safeParse(Array.isArray(content) ? { iceServers: content } : content);
  if (list.success) return list.data.iceServers;
  const problems = list.error.issues.map(
    (issue) => `${issue.path.map(String).join('.')}: ${issue.message}`,
  );
  throw new ProviderFailure(`the file "${path}" has no usable list: ${problems.join('; ')}`);
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ProviderFailure(`the file "${path}" cannot be read`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats the text, which may be a credential.
    throw new ProviderFailure(`the file "${path}" is no JSON`);
  }
}
