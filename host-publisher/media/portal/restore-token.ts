import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateFolder } from '../../environment.ts';

const LONGEST = 1024;

/**
 * What the desktop gave so that its user is not asked again; it is good for one time. Where it
 * cannot be read or kept, the user is asked.
 */
export class RestoreToken {
  readonly #file: string;

  constructor(folder: string = stateFolder()) {
    this.#file = join(folder, 'screen-cast-token');
  }

  read(): string | null {
    try {
      const token = readFileSync(this.#file, 'utf8').trim();
      return token === '' || token.length > LONGEST ? null : token;
    } catch {
      return null;
    }
  }

  keep(token: string): void {
    const draft = `${this.#file}.${process.pid}`;
    try {
      makeFolder(dirname(this.#file));
      writeFileSync(draft, token, { mode: 0o600 });
      renameSync(draft, this.#file);
    } catch {
      return;
    }
  }
}

// Not by `recursive`, which tries for ever where nothing can be made, as below /proc.
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
