import { readFileSync } from 'node:fs';
import { IceServerList, type IceServer } from '../protocol/ice.ts';
import type { IceServerSource } from './ice-server-source.ts';

/** The servers of a JSON file: a list, or an object with the list as `iceServers`. Read once. */
export class ServerFile implements IceServerSource {
  readonly #servers: readonly IceServer[];

  /** @throws Error with a sentence for the operator; no credential is in it */
  constructor(path: string) {
    this.#servers = readServers(path);
  }

  current(): readonly IceServer[] {
    return this.#servers;
  }
}

function readServers(path: string): readonly IceServer[] {
  const content = readJson(path);
  const list = IceServerList.safeParse(Array.isArray(content) ? { iceServers: content } : content);
  if (list.success) return list.data.iceServers;
  const problems = list.error.issues.map(
    (issue) => `${issue.path.map(String).join('.')}: ${issue.message}`,
  );
  throw new Error(`the file "${path}" has no usable list: ${problems.join('; ')}`);
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`the file "${path}" cannot be read`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats the text, which may be a credential.
    throw new Error(`the file "${path}" is no JSON`);
  }
}
