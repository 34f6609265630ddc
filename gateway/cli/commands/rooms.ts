import { allItems } from '../../protocol/api/client.ts';
import { getRoom, listRooms, type RoomView } from '../../protocol/api/rooms.ts';
import { endSource, freeSource } from '../../protocol/api/sources.ts';
import { DEFAULT_SOURCE } from '../../protocol/ids.ts';
import { collect } from '../collect.ts';
import type { Command } from '../command.ts';
import { roomOf, sourceOf } from '../names.ts';
import { printTable } from '../print.ts';

export const rooms: Command = {
  usage: 'rooms [room]',
  about: 'rooms in use and their sources',
  flags: { q: { takes: 'text', about: 'in the name of the room' } },
  run: async ({ positionals: [room], text }, connect) => {
    const { api } = connect();
    const q = text('q');
    const list = (cursor?: string) =>
      api.call(listRooms, { query: { q, limit: 200, ...(cursor ? { cursor } : {}) } });
    const views =
      room === undefined
        ? await collect(allItems(list))
        : [await api.call(getRoom, { params: { room: roomOf(room) } })];
    return { data: views, text: describe(views) };
  },
};

export const end: Command = {
  usage: 'end <room> [source]',
  about: 'end what is published as a source',
  flags: { ban: { about: 'take the publisher’s token back as well' } },
  run: async ({ positionals: [room = '', source = DEFAULT_SOURCE], has }, connect) => {
    const params = { room: roomOf(room), source: sourceOf(source) };
    await connect().api.call(endSource, { params, query: { ban: has('ban') ? 'true' : 'false' } });
    return { data: params, text: `${room}/${source} is ended.` };
  },
};

export const free: Command = {
  usage: 'free <room> [source]',
  about: 'free a name that a media server keeps busy',
  run: async ({ positionals: [room = '', source = DEFAULT_SOURCE] }, connect) => {
    const params = { room: roomOf(room), source: sourceOf(source) };
    const { freed } = await connect().api.call(freeSource, { params });
    const rows = freed.map(({ node, client, type }) => [node, client, type]);
    const text =
      freed.length === 0
        ? 'No media server keeps this name for a stranger.'
        : printTable(['NODE', 'REMOVED', 'TYPE'], rows);
    return { data: freed, text };
  },
};

function describe(views: readonly RoomView[]): string {
  const rows = views.flatMap(({ room, sources, hosts = [] }) => [
    ...sources.map((each) => [
      ...[room, each.source, each.live ? each.transports.join('+') : 'off', each.viewers],
      [each.video, each.audio].filter((codec) => codec !== null).join(' '),
    ]),
    ...hosts.map((host) => [room, host.source, `host ${host.state}`, null, host.kind]),
  ]);
  return printTable(['ROOM', 'SOURCE', 'LIVE', 'VIEWERS', 'MEDIA'], rows);
}
