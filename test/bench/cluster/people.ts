import { mint } from '../gateway-process.ts';
import type { CrowdReport, Person } from './crowd-messages.ts';

const TOKEN_SECONDS = 24 * 3600;

/** Somebody with a token for a room, good for a day. */
export function person(room: string, name: string, can: 'publish' | 'watch'): Person {
  return { name, room, token: mint(room, [can], name.replaceAll(' ', '-'), TOKEN_SECONDS) };
}

/** All that several reports in a row tell, and how things stood at the last. */
export function sumOf(news: readonly CrowdReport[]): CrowdReport {
  const last = news.at(-1);
  if (last === undefined) throw new Error('no report');
  return {
    ...last,
    joinsMs: news.flatMap(({ joinsMs }) => joinsMs),
    outages: news.flatMap(({ outages }) => outages),
    ended: news.flatMap(({ ended }) => ended),
  };
}
