import { readFile, stat } from 'node:fs/promises';
import { Template } from './template.ts';

const MAX_BYTES = 64 * 1024;

/** The template in a file, read anew when the file changes. */
export class TemplateFile {
  readonly #path: string;
  #stamp = '';
  #template: Template | null = null;
  #problem: string | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** What was read last that can be used; null: nothing yet. */
  get template(): Template | null {
    return this.#template;
  }

  /** Why the file as it is now cannot be used; null: it can. Holds no value of it. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Reads it where it changed. Never rejects. */
  async refresh(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (stamp === this.#stamp) return;
      if (size > MAX_BYTES) throw new RangeError('it is too large');
      const text = await readFile(this.#path, 'utf8');
      this.#stamp = stamp;
      this.#take(text);
    } catch (error) {
      this.#stamp = '';
      const why = error instanceof RangeError ? error.message : 'it cannot be read';
      this.#problem = `DOCKER_TEMPLATE_FILE: ${why}`;
    }
  }

  #take(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#problem = 'DOCKER_TEMPLATE_FILE: it is no JSON';
      return;
    }
    const parsed = Template.safeParse(value);
    if (parsed.success) {
      this.#template = parsed.data;
      this.#problem = null;
      return;
    }
    const [first] = parsed.error.issues;
    this.#problem = `DOCKER_TEMPLATE_FILE: ${first?.path.map(String).join('.') ?? ''}: ${first?.message ?? ''}`;
  }
}
