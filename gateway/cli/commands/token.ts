import { mintToken, TokenRequest } from '../../protocol/api/tokens.ts';
import type { Command } from '../command.ts';
import { parseAs } from '../names.ts';

export const token: Command = {
  usage: 'token <room>',
  about: 'mint a token for a room, or for all by "*"',
  flags: {
    sub: { takes: 'name', about: 'whom it is for (command line)' },
    can: { takes: 'actions', about: 'publish,watch,control,host,operate,admin (watch)' },
    sources: { takes: 'names', about: 'for these sources alone' },
    ttl: { takes: 'seconds', about: 'its life (3600)' },
  },
  run: async ({ positionals: [room = ''], text }, connect) => {
    const sources = text('sources');
    const wish = {
      sub: text('sub') || 'command line',
      room,
      can: (text('can') || 'watch').split(','),
      ...(sources === '' ? {} : { sources: sources.split(',') }),
      ttlSeconds: Number(text('ttl') || 3600),
    };
    const body = parseAs(TokenRequest, wish, 'token');
    const reply = await connect().api.call(mintToken, { body });
    return { data: reply, text: reply.token };
  },
};
