import { describe, expect, it, onTestFinished } from 'vitest';
import { LoopbackWhip } from '../../../host-publisher/publish/gstreamer/loopback-whip.ts';

const open = async (): Promise<LoopbackWhip> => {
  const whip = await LoopbackWhip.open();
  onTestFinished(() => whip.close());
  return whip;
};

describe('the WHIP endpoint for an element of the media process', () => {
  it('hands the offer on, answers when there is an answer, and hears the end', async () => {
    const whip = await open();
    const posted = fetch(whip.url, { method: 'POST', body: 'v=0 offer' });
    expect(await whip.offer).toBe('v=0 offer');
    whip.answer('v=0 answer');
    const reply = await posted;
    expect(reply.status).toBe(201);
    expect(await reply.text()).toBe('v=0 answer');
    const session = new URL(reply.headers.get('location') ?? '', whip.url);
    expect((await fetch(session, { method: 'DELETE' })).status).toBe(200);
    await whip.left;
  });

  it('is on loopback, at a path of its own that others do not find', async () => {
    const [one, other] = [await open(), await open()];
    expect(new URL(one.url).hostname).toBe('127.0.0.1');
    expect(new URL(one.url).pathname).toMatch(/^\/[0-9a-f]{32}$/);
    expect(new URL(one.url).pathname).not.toBe(new URL(other.url).pathname);
    expect((await fetch(new URL('/', one.url), { method: 'POST', body: 'x' })).status).toBe(404);
  });

  it('refuses what is too long', async () => {
    const whip = await open();
    const reply = await fetch(whip.url, { method: 'POST', body: 'x'.repeat(300_000) });
    expect(reply.status).toBe(413);
  });

  it('leaves nobody waiting when it closes', async () => {
    const whip = await open();
    const posted = fetch(whip.url, { method: 'POST', body: 'v=0' }).then(
      ({ status }) => status,
      () => 'cut',
    );
    await whip.offer;
    whip.close();
    expect([503, 'cut']).toContain(await posted);
  });
});
