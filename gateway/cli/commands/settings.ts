import { listSettings } from '../../protocol/api/settings.ts';
import type { Command } from '../command.ts';
import { printTable } from '../print.ts';

export const settings: Command = {
  usage: 'settings',
  about: 'the settings in force, secrets as ***',
  run: async (_, connect) => {
    const { items } = await connect().api.call(listSettings);
    const rows = items.map(({ name, value, given }) => [name, value, given ? 'set' : 'default']);
    return { data: items, text: printTable(['SETTING', 'VALUE', ''], rows) };
  },
};
