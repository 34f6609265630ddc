import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { allItems } from '../../protocol/api/client.ts';
import {
  getNodeSummary,
  listNodeClients,
  listNodeStreams,
} from '../../protocol/api/node-inspection.ts';
import {
  addNode,
  cordonNode,
  drainNode,
  DrainRequest,
  listNodes,
  NodeEntry,
  removeNode,
  uncordonNode,
  type NodeView,
} from '../../protocol/api/nodes.ts';
import { collect } from '../collect.ts';
import { UsageError, type Arguments, type Command, type Output, type Target } from '../command.ts';
import { parseAs } from '../names.ts';
import { printBytes, printTable } from '../print.ts';

const WaitSeconds = z.number().min(0).max(86_400);

export const nodes: Command = {
  usage: 'nodes [node] [add|cordon|uncordon|drain|remove]',
  about: 'media servers, what one of them has, or what becomes of it',
  flags: {
    after: { takes: 'seconds', about: 'of drain: until then sessions leave by themselves (600)' },
    spread: { takes: 'seconds', about: 'of drain: over so long the others are told to go (10)' },
    wait: {
      takes: 'seconds',
      about: 'of drain and uncordon: until it is empty, or answers; else fail',
    },
    force: { about: 'of remove: also while it has sessions' },
  },
  run: async (given, connect) => {
    const [node, act] = given.positionals;
    const target = connect();
    if (node !== undefined && act !== undefined) return await change(target, node, act, given);
    if (node !== undefined) return await inspect(target, node);
    const { items } = await target.api.call(listNodes);
    const rows = items.map((each) => [
      ...[each.node, each.version, standingOf(each), each.sessions, percent(each.load.strain)],
      ...[each.addresses.announced.join(' '), each.detail],
    ]);
    const titles = ['NODE', 'VERSION', 'STATE', 'SESSIONS', 'LOAD', 'MEDIA ADDRESSES', 'DETAIL'];
    return { data: items, text: printTable(titles, rows) };
  },
};

/** @throws UsageError, ApiProblem */
async function change(
  { api }: Target,
  node: string,
  act: string,
  { text, has }: Arguments,
): Promise<Output> {
  const params = { node };
  const seconds = (flag: string) =>
    text(flag) === '' ? {} : { [`${flag}Seconds`]: Number(text(flag)) };
  const until = async (view: NodeView, isDone: (now: NodeView) => boolean): Promise<Output> =>
    text('wait') === '' ? told(view) : await waited(api, { node, seconds: text('wait') }, isDone);
  switch (act) {
    case 'add':
      return told(await api.call(addNode, { body: parseAs(NodeEntry, { url: node }, 'add') }));
    case 'cordon':
      return told(await api.call(cordonNode, { params }));
    case 'uncordon':
      return await until(await api.call(uncordonNode, { params }), ({ healthy }) => healthy);
    case 'drain': {
      const body = parseAs(DrainRequest, { ...seconds('after'), ...seconds('spread') }, 'drain');
      return await until(await api.call(drainNode, { params, body }), isDrained);
    }
    case 'remove':
      await api.call(removeNode, { params, query: { force: has('force') ? 'true' : 'false' } });
      return { data: params, text: `${node} is forgotten.` };
    default:
      throw new UsageError(`Write add, cordon, uncordon, drain or remove, not "${act}".`);
  }
}

const LOOK_EVERY_MS = 500;

const isDrained = ({ drain }: NodeView): boolean => drain?.phase === 'done';

/** Looks at a server until it is as wished; fails when it is not by then, or is not known any more. */
async function waited(
  api: Target['api'],
  { node, seconds }: { readonly node: string; readonly seconds: string },
  isDone: (now: NodeView) => boolean,
): Promise<Output> {
  const deadline = performance.now() + parseAs(WaitSeconds, Number(seconds), 'wait') * 1000;
  for (;;) {
    const { items } = await api.call(listNodes);
    const view = items.find((each) => each.node === node);
    if (view === undefined) return { data: null, text: `${node} is not known.`, failed: true };
    if (isDone(view)) return told(view);
    if (performance.now() >= deadline) return { ...told(view), failed: true };
    await delay(LOOK_EVERY_MS);
  }
}

const told = (view: NodeView): Output => ({
  data: view,
  text: `${view.node}: ${standingOf(view)}, ${view.sessions} sessions.`,
});

function standingOf({ healthy, duty, drain, hold }: NodeView): string {
  if (!healthy) return 'away';
  if (hold !== null) return 'held';
  if (drain?.phase === 'done') return 'drained';
  return duty === 'serving' ? 'healthy' : duty;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

async function inspect({ api }: Target, node: string): Promise<Output> {
  const params = { node };
  const page = (cursor?: string) => ({ limit: 200, ...(cursor ? { cursor } : {}) });
  const [summary, streams, clients] = await Promise.all([
    api.call(getNodeSummary, { params }),
    collect(allItems((cursor) => api.call(listNodeStreams, { params, query: page(cursor) }))),
    collect(allItems((cursor) => api.call(listNodeClients, { params, query: page(cursor) }))),
  ]);
  const { version, cpuShare, memoryBytes, uptimeSeconds } = summary;
  const text = [
    `${version}, ${Math.round(cpuShare * 100)} % of a core, ${printBytes(memoryBytes)}, up ${Math.round(uptimeSeconds)} s`,
    printTable(
      ['STREAM', 'ACTIVE', 'CLIENTS', 'IN kbit/s', 'OUT kbit/s'],
      streams.map((each) => [
        ...[each.path, each.active ? 'yes' : 'no', each.clients],
        ...[each.receivedKbps, each.sentKbps],
      ]),
    ),
    printTable(
      ['CLIENT', 'TYPE', 'STREAM', 'ADDRESS', 'SESSION'],
      clients.map((each) => [each.id, each.type, each.path, each.address, each.session]),
    ),
  ];
  return { data: { summary, streams, clients }, text: text.join('\n\n') };
}
