import { ALLOCATOR } from '../../native/child-memory.ts';

/** Of the process of the relays: nothing of our environment but what a process needs to start. */
export function relayEnvironment(): Readonly<Record<string, string>> {
  const { PATH = '', HOME = '', SystemRoot = '' } = process.env;
  return { PATH, HOME, SystemRoot, ...ALLOCATOR };
}
