import { describe, expect, test } from 'vitest';
import type { RecordingId, RecordingView } from '../../../../gateway/protocol/api/recordings.ts';
import { viewOf } from '../../../../gateway/recordings/recording.ts';
import { CardPictures } from '../../../../web/core/recordings/card-pictures.ts';
import { RecordingsApi } from '../../../../web/core/recordings/recordings-api.ts';
import { aRecording } from '../../../support/recording/a-recording.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly csrf: string | null;
  readonly authorization: string | null;
  readonly body: unknown;
}

/** The API of a page whose gateway answers by path. */
function anApi(token: string, answers: Readonly<Record<string, unknown>>) {
  const asked: Asked[] = [];
  const fetch = (url: string, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(url);
    const headers = new Headers(init.headers);
    asked.push({
      ...{ method: init.method ?? 'GET', path: pathname + search },
      ...{ csrf: headers.get('x-csrf-token'), authorization: headers.get('authorization') },
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : null,
    });
    const answer = answers[pathname];
    if (answer === undefined) return Promise.resolve(new Response('{}', { status: 404 }));
    return Promise.resolve(
      typeof answer === 'string' ? new Response(answer) : Response.json(answer),
    );
  };
  const api = new RecordingsApi({ fetch }, { origin: 'https://cast.test', token });
  return { api, asked };
}

const withPictures = (count: number): RecordingView[] =>
  Array.from({ length: count }, () => {
    const recording = aRecording();
    for (const part of recording.parts) part.thumbnails = 5;
    return viewOf(recording);
  });

describe('recordings of a page', () => {
  test('with a token are written without asking who one is', async () => {
    const view = viewOf(aRecording({ state: 'recording' }));
    const { api, asked } = anApi('a.b.c', { '/api/v1/rooms/demo/recordings': view });
    expect(await api.start('demo')).toEqual(view);
    expect(asked).toMatchObject([
      { method: 'POST', authorization: 'Bearer a.b.c', csrf: null, body: { reason: 'page' } },
    ]);
  });

  test('lines of a journal that are none are passed over', async () => {
    const { api, asked } = anApi('a.b.c', {
      '/journal': '{"type":"nothing of ours"}\n\nnot json\n',
    });
    expect(await api.journal('/journal?ticket=t', { from: 0, to: 5 })).toEqual([]);
    expect(asked[0]?.path).toBe('/journal?ticket=t&from=0&to=5');
  });

  test('a search goes by text and cursor', async () => {
    const { api, asked } = anApi('a.b.c', {
      '/api/v1/recordings': { items: [], next: null, total: 0 },
    });
    await api.list({ text: 'de mo', cursor: 'abc' });
    await api.list({ text: '', cursor: null });
    expect(asked.map(({ path }) => path)).toEqual([
      '/api/v1/recordings?q=de%20mo&cursor=abc',
      '/api/v1/recordings',
    ]);
  });
});

describe('pictures of a list', () => {
  const linked = (views: readonly RecordingView[]) => ({
    items: views.map(({ id, parts }) => ({
      ...{ recording: id, journal: null, expiresAt: 1 },
      parts: parts.map((part) => ({ id: part.id, url: '/v', thumbnails: `/${id}/:n.jpg` })),
    })),
  });

  test('[REC-82] come by one request for a page, and are not asked for again', async () => {
    const views = withPictures(50);
    const { api, asked } = anApi('a.b.c', { '/api/v1/recordings/links': linked(views) });
    const pictures = new CardPictures(api);
    await pictures.find(views);
    await pictures.find(views);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.body).toEqual({ recordings: views.map(({ id }) => id) });
    for (const { id } of views) expect(pictures.of(id)).toBe(`/${id}/2.jpg`);
  });

  test('[REC-82] a list without pictures asks for nothing; one that fails is asked for again', async () => {
    const views = withPictures(1);
    const [{ id } = { id: '' as RecordingId }] = views;
    const { api, asked } = anApi('a.b.c', {});
    const pictures = new CardPictures(api);
    await pictures.find([viewOf(aRecording())]);
    expect(asked).toHaveLength(0);
    await pictures.find(views);
    expect(pictures.of(id)).toBeNull();
    await pictures.find(views);
    expect(asked).toHaveLength(2);
  });
});
