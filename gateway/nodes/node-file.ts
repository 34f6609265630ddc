import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { z } from 'zod';
import type { NodeSettings } from '../config/node-settings.ts';
import type { Logger } from '../observability/logger.ts';
import { NodeEntry } from '../protocol/api/nodes.ts';
import type { Roster } from './roster.ts';

/** How often the file is looked at; a look costs a stat call and works on any file system. */
const LOOK_EVERY_MS = 1_000;
const MOST_BYTES = 256 * 1024;

const Entry = z.union([z.string().transform((url) => ({ url })), z.unknown()]).pipe(NodeEntry);
const NodeList = z.array(Entry).max(1_000);

/**
 * The servers of a JSON file: a list of URLs or of objects (`NodeEntry`), or an object with the list
 * as `nodes`. Read anew when the file changes; one that cannot be used is told, and the last good list
 * stays.
 */
export class NodeFile {
  readonly #path: string;
  readonly #roster: Roster;
  readonly #settingsOf: (entry: NodeEntry) => NodeSettings;
  readonly #log: Logger;
  #problem: string | null = null;

  constructor(deps: {
    readonly path: string;
    readonly roster: Roster;
    /** @throws GatewayError */
    readonly settingsOf: (entry: NodeEntry) => NodeSettings;
    readonly log: Logger;
  }) {
    this.#path = deps.path;
    this.#roster = deps.roster;
    this.#settingsOf = deps.settingsOf;
    this.#log = deps.log;
  }

  /** Why the file could not be used last, as a sentence; null: it could. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Reads it, and goes on watching it. */
  start(): void {
    this.reload();
    watchFile(this.#path, { interval: LOOK_EVERY_MS, persistent: false }, this.#onChange);
  }

  close(): void {
    unwatchFile(this.#path, this.#onChange);
  }

  /** Reads it now. */
  reload(): void {
    try {
      const list = readNodes(this.#path).map((entry) => this.#settingsOf(entry));
      this.#problem = null;
      const { added, leaving, refused } = this.#roster.follow('file', list);
      this.#log.info({ nodes: list.length, added, leaving }, 'took the list of media servers');
      for (const { node, why } of refused) {
        this.#log.warn({ node, why }, 'a media server of the list is not taken');
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#problem = `SRS_NODES_FILE cannot be used: ${why}.`;
      this.#log.warn({ why }, 'the list of media servers cannot be used, the last one stays');
    }
  }

  readonly #onChange = (): void => this.reload();
}

/** @throws Error with a sentence for the operator; no password is in it */
function readNodes(path: string): readonly NodeEntry[] {
  const content = readJson(path);
  const isObject = typeof content === 'object' && content !== null && 'nodes' in content;
  const list = NodeList.safeParse(isObject ? content.nodes : content);
  if (list.success) return list.data;
  const problems = list.error.issues.map(
    (issue) => `${['nodes', ...issue.path].map(String).join('.')}: ${issue.message}`,
  );
  throw new Error(`it has no usable list: ${problems.slice(0, 5).join('; ')}`);
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error('it cannot be read');
  }
  if (text.length > MOST_BYTES) throw new Error('it is too large');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
}
