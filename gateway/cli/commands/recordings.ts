import { allItems } from '../../protocol/api/client.ts';
import {
  deleteRecording,
  listRecordings,
  RecordingId,
  startRecording,
  stopRecording,
  type RecordingView,
} from '../../protocol/api/recordings.ts';
import { collect } from '../collect.ts';
import { UsageError, type Command, type Output, type Target } from '../command.ts';
import { parseAs, roomOf } from '../names.ts';
import { printBytes, printTable, printTime } from '../print.ts';

export const recordings: Command = {
  usage: 'recordings [start|stop|delete] [room|recording]',
  about: 'list recordings; start one of a room, stop or delete one',
  flags: {
    room: { takes: 'room', about: 'list those of one room' },
    q: { takes: 'text', about: 'in the room or who started' },
  },
  run: async ({ positionals: [act, what = ''], text }, connect) => {
    if (act !== undefined) return await change(connect(), act, what);
    const { api } = connect();
    const query = {
      limit: 200,
      ...(text('room') === '' ? {} : { room: roomOf(text('room')) }),
      ...(text('q') === '' ? {} : { q: text('q') }),
    };
    const list = (cursor?: string) =>
      api.call(listRecordings, { query: { ...query, ...(cursor ? { cursor } : {}) } });
    return outputOf(await collect(allItems(list)));
  },
};

async function change({ api }: Target, act: string, what: string): Promise<Output> {
  const params = () => ({ id: parseAs(RecordingId, what, 'recording') });
  switch (act) {
    case 'start':
      return outputOf([
        await api.call(startRecording, { params: { room: roomOf(what) }, body: {} }),
      ]);
    case 'stop':
      return outputOf([await api.call(stopRecording, { params: params() })]);
    case 'delete':
      await api.call(deleteRecording, { params: params() });
      return { data: { id: what }, text: `${what} is deleted.` };
    default:
      throw new UsageError(`Not start, stop or delete: ${act}`);
  }
}

function outputOf(found: readonly RecordingView[]): Output {
  const rows = found.map((each) => [
    ...[each.id, each.room, each.state, printTime(each.startedAt)],
    ...[`${Math.round(each.durationMs / 1000)} s`, printBytes(each.bytes), each.parts.length],
    each.detail,
  ]);
  const titles = ['RECORDING', 'ROOM', 'STATE', 'STARTED (UTC)', 'LENGTH', 'SIZE', 'PARTS', ''];
  return { data: found, text: printTable(titles, rows) };
}
