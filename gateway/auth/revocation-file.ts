import { readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RevocationView } from '../protocol/revocation.ts';
import type { RevocationStore } from './revocations.ts';

const Content = z.array(RevocationView);

/** The revocation list as a JSON file, replaced as a whole. It belongs to one gateway. */
export class RevocationFile implements RevocationStore {
  readonly #path: string;
  #latest: readonly RevocationView[] = [];
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * The list; empty when there is no file.
   * @throws Error with a sentence when it cannot be read: to go on without would let them back in.
   */
  load(): readonly RevocationView[] {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    try {
      return Content.parse(JSON.parse(text));
    } catch (cause) {
      throw new Error(`"${this.#path}" is damaged: repair it, or delete it to revoke anew`, {
        cause,
      });
    }
  }

  /** Calls while a write is under way share the next one. */
  save(list: readonly RevocationView[]): Promise<void> {
    this.#latest = list;
    this.#next ??= this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#current = this.#write();
        return this.#current;
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const fresh = `${this.#path}.${process.pid}`;
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(this.#latest)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.#path);
  }
}
