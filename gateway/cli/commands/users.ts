import { allItems } from '../../protocol/api/client.ts';
import { listUsers } from '../../protocol/api/users.ts';
import { collect } from '../collect.ts';
import type { Command } from '../command.ts';
import { printTable, printTime } from '../print.ts';

export const users: Command = {
  usage: 'users',
  about: 'accounts',
  flags: { q: { takes: 'text', about: 'in the name' } },
  run: async ({ text }, connect) => {
    const { api } = connect();
    const list = (cursor?: string) =>
      api.call(listUsers, {
        query: { limit: 200, q: text('q'), ...(cursor ? { cursor } : {}) },
      });
    const found = await collect(allItems(list));
    const rows = found.map((each) => [
      ...[each.name, each.role, each.rooms === '*' ? '*' : each.rooms.join(' ')],
      ...[each.disabled ? 'disabled' : 'enabled', printTime(each.lastLoginAt), each.id],
    ]);
    const titles = ['NAME', 'ROLE', 'ROOMS', 'STATE', 'LAST LOGIN (UTC)', 'ID'];
    return { data: found, text: printTable(titles, rows) };
  },
};
