import { allItems } from '../../protocol/api/client.ts';
import { kickSession, listSessions, SessionQuery } from '../../protocol/api/sessions.ts';
import { SessionId } from '../../protocol/ids.ts';
import { collect } from '../collect.ts';
import type { Command } from '../command.ts';
import { parseAs } from '../names.ts';
import { printTable, printTime } from '../print.ts';

const FILTERS = ['room', 'source', 'subject', 'kind', 'order', 'q'] as const;

export const sessions: Command = {
  usage: 'sessions',
  about: 'who publishes and who watches',
  flags: {
    room: { takes: 'room', about: 'of one room' },
    source: { takes: 'source', about: 'of one source' },
    subject: { takes: 'name', about: 'of one person' },
    kind: { takes: 'publish|watch', about: 'of one kind' },
    q: { takes: 'text', about: 'in room, source, subject or address' },
    order: { takes: 'oldest|newest', about: 'which come first (oldest)' },
  },
  run: async ({ text }, connect) => {
    const given = FILTERS.flatMap((name) => (text(name) === '' ? [] : [[name, text(name)]]));
    const query = parseAs(SessionQuery, { ...Object.fromEntries(given), limit: 200 }, 'filter');
    const { api } = connect();
    const list = (cursor?: string) =>
      api.call(listSessions, { query: { ...query, ...(cursor ? { cursor } : {}) } });
    const found = await collect(allItems(list));
    const rows = found.map((each) => [
      ...[each.id, each.kind, each.room, each.source, each.subject, each.state],
      ...[each.transport, each.node, each.address, printTime(each.startedAt)],
    ]);
    const titles = ['SESSION', 'KIND', 'ROOM', 'SOURCE', 'SUBJECT', 'STATE', 'BY', 'NODE'];
    return { data: found, text: printTable([...titles, 'ADDRESS', 'SINCE (UTC)'], rows) };
  },
};

export const kick: Command = {
  usage: 'kick <session>',
  about: 'end a session',
  flags: { ban: { about: 'take its token back as well, until that would have run out' } },
  run: async ({ positionals: [id = ''], has }, connect) => {
    const ban = has('ban');
    await connect().api.call(kickSession, {
      params: { id: parseAs(SessionId, id, 'session') },
      query: { ban: ban ? 'true' : 'false' },
    });
    return { data: { id, ban }, text: `${id} is ended${ban ? ', its token is taken back' : ''}.` };
  },
};
