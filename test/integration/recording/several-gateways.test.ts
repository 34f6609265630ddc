import { describe, expect, test } from 'vitest';
import {
  deleteRecording,
  getRecording,
  linkRecording,
  linkRecordings,
  listRecordings,
  startRecording,
  stopRecording,
  type RecordingView,
} from '../../../gateway/protocol/api/recordings.ts';
import { RoomId } from '../../../gateway/protocol/ids.ts';
import { hasPeers } from '../../support/gateway/a-cluster.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { problemOf, type GatewayUnderTest } from '../../support/gateway/start-gateway.ts';
import { apiAt, aRecordingCluster } from '../../support/recording/recording-cluster.ts';
import { waitFor } from '../../support/wait-for.ts';

type Page = ReturnType<typeof listRecordings.reply.parse>;

const SOON = { timeoutMs: 30_000 };

/** All that a gateway lists, so many at a time. */
async function listed(gateway: GatewayUnderTest, limit: number): Promise<RecordingView[]> {
  const seen: RecordingView[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = {
      limit,
      ...(cursor === null ? {} : { cursor }),
    };
    const { items, next }: Page = await apiAt(gateway).call(listRecordings, { query });
    seen.push(...items);
    cursor = next;
  } while (cursor !== null && seen.length < 20);
  return seen;
}

/** Until each knows what the other holds. */
const areKnown = (gateways: readonly GatewayUnderTest[], ids: readonly RecordingView['id'][]) =>
  waitFor(
    async () => {
      const paths = ids.map((id) => `/api/v1/recordings/${id}`);
      const token = aToken({ sub: 'olga', room: 'demo', can: ['operate'] });
      const replies = await Promise.all(
        gateways.flatMap((each) => paths.map((path) => each.request('GET', path, { token }))),
      );
      return replies.every(({ ok }) => ok);
    },
    { ...SOON, what: 'all to be known at each' },
  );

describe('recordings of several gateways', () => {
  test('[REC-100] any of them lists, shows, links, serves and deletes those of all', async () => {
    const cluster = await aRecordingCluster(3);
    const [one, two] = [cluster.one.gateway, cluster.two.gateway];
    const all = [...cluster.one.recordings, ...cluster.two.recordings].map(({ id }) => id);
    await areKnown([one, two], all);
    const newest = all.toSorted().toReversed();
    for (const gateway of [one, two]) {
      for (const limit of [1, 2, 50]) {
        expect((await listed(gateway, limit)).map(({ id }) => id)).toEqual(newest);
      }
      const { total } = await apiAt(gateway).call(listRecordings, { query: {} });
      expect(total).toBe(6);
    }
    const { items } = await apiAt(one).call(linkRecordings, { body: { recordings: all } });
    expect(items.map(({ recording }) => recording).toSorted()).toEqual(all.toSorted());

    const [theirs] = cluster.two.recordings.map(({ id }) => id);
    if (theirs === undefined) throw new Error('no recording');
    const { parts } = await apiAt(one).call(linkRecording, { params: { id: theirs }, body: {} });
    const media = parts[0]?.url ?? '';
    const read = (method: string, headers: Record<string, string> = {}) =>
      one.request(method, media, { token: null, headers });
    const range = await read('GET', { range: 'bytes=8-15' });
    expect(range.status).toBe(206);
    expect(range.headers.get('content-range')).toBe('bytes 8-15/1000');
    expect(await range.text()).toBe('two-two-');
    const head = await read('HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);
    const etag = head.headers.get('etag') ?? '';
    expect(
      (await read('GET', { 'if-none-match': etag, 'cache-control': 'max-age=0' })).status,
    ).toBe(304);
    const beyond = await read('GET', { range: 'bytes=5000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */1000']);
    expect((await one.request('GET', `${media}x`, { token: null })).status).toBe(401);

    const path = `/api/v1/recordings/${theirs}`;
    const token = aToken({ sub: 'olga', room: 'demo', can: ['operate'] });
    const stranger = aToken({ sub: 'eve', room: 'other', can: ['operate'] });
    for (const method of ['GET', 'DELETE']) {
      expect((await one.request(method, path, { token: stranger })).status).toBe(404);
      expect((await one.request(method, path, { token: null })).status).toBe(401);
    }
    const nothing = { body: { recordings: all } };
    expect((await apiAt(one, stranger).call(linkRecordings, nothing)).items).toEqual([]);
    await apiAt(one).call(deleteRecording, { params: { id: theirs } });
    for (const gateway of [one, two]) {
      expect(await problemOf(await gateway.request('GET', path, { token }))).toMatchObject({
        status: 404,
      });
      expect(await listed(gateway, 50)).toHaveLength(5);
    }
  }, 60_000);

  test('[REC-101] a room is recorded once, at its home, whoever is asked', async () => {
    const { srs, ...cluster } = await aRecordingCluster(0, { RECORDING_ROOMS: 'lesson' });
    const [one, two] = [cluster.one.gateway, cluster.two.gateway];
    for (const room of ['demo', 'lesson']) {
      expect((await two.whip(room, { token: aToken({ room }) })).status).toBe(201);
    }
    srs.connectAll();
    const params = { room: RoomId.parse('demo') };
    const { id } = await apiAt(one).call(startRecording, { params, body: {} });
    const again = { params, body: {} };
    await expect(apiAt(two).call(startRecording, again)).rejects.toMatchObject({ status: 409 });
    const running = () => listed(one, 50);
    await waitFor(async () => (await running()).length >= 2, { ...SOON, what: 'both rooms' });
    expect((await running()).map(({ room }) => room).toSorted()).toEqual(['demo', 'lesson']);
    const known = await apiAt(one).call(getRecording, { params: { id } });
    expect(known.state).toBe('recording');
    await apiAt(one).call(stopRecording, { params: { id } });
    const atHome = await apiAt(two).call(getRecording, { params: { id } });
    expect(atHome.state).not.toBe('recording');
  }, 60_000);

  test('[REC-102] while its gateway is away it is 503, and there again with that gateway, whatever its name', async () => {
    const { one, two } = await aRecordingCluster(1);
    const [own, theirs] = [one, two].map(({ recordings }) => recordings[0]?.id ?? '');
    const at = (id = '') =>
      one.gateway.request('GET', `/api/v1/recordings/${id}/parts/part0001.mp4`);
    const token = aToken({ sub: 'olga', room: 'demo', can: ['operate'] });
    const view = (id = '') => one.gateway.request('GET', `/api/v1/recordings/${id}`, { token });
    await waitFor(async () => (await view(theirs)).ok, { ...SOON, what: 'it to be known' });
    await two.gateway.close();
    await hasPeers(one.gateway, 0);
    const away = await view(theirs);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(await problemOf(away)).toMatchObject({ code: 'home-away' });
    expect((await at(theirs)).status).toBe(503);
    expect((await view('0000000000000000')).status).toBe(404);
    expect((await listed(one.gateway, 50)).map(({ id }) => id)).toEqual([own]);
    await two.again();
    await waitFor(async () => (await view(theirs)).ok, { ...SOON, what: 'it to be there again' });
    await waitFor(async () => (await listed(one.gateway, 50)).length === 2, {
      ...{ ...SOON, what: 'both in the list' },
    });
  }, 60_000);
});
