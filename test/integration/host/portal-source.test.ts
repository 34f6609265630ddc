import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadGst } from '../../../host-publisher/media/gstreamer/native.ts';
import { openPortal } from '../../../host-publisher/media/portal/portal-source.ts';
import { RestoreToken } from '../../../host-publisher/media/portal/restore-token.ts';
import type { Share } from '../../../host-publisher/media/sources/feed.ts';
import { aPlan } from '../../support/host/a-plan.ts';
import { FedSource, gapsOf } from '../../support/host/fed-source.ts';
import { missingForPortalDesktop, PortalDesktop } from '../../support/host/portal-desktop.ts';
import { waitFor } from '../../support/wait-for.ts';

const gst = loadGst();
gst.init(null, null, [null]);
const picture = { width: 320, height: 180, fps: 30, bitrateKbps: 500 };
const plan = aPlan({ source: 'desktop', display: 'portal', cursor: 'picture', picture });
const missing = missingForPortalDesktop();
const why = missing === null ? '' : ` (skipped: ${missing} is missing)`;

describe.skipIf(missing !== null)(`a Wayland desktop as a source${why}`, () => {
  let desktop: PortalDesktop;
  let stateFolder: string;
  const formerBus = process.env['DBUS_SESSION_BUS_ADDRESS'];
  const useBus = (address: string | undefined): void => {
    if (address === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
    else process.env['DBUS_SESSION_BUS_ADDRESS'] = address;
  };
  beforeAll(async () => {
    desktop = await PortalDesktop.open();
    stateFolder = join(desktop.env['XDG_STATE_HOME'] ?? '', 'pixelcast');
  });
  afterAll(async () => {
    useBus(formerBus);
    await desktop.close();
  });
  beforeEach(() => {
    useBus(desktop.env['DBUS_SESSION_BUS_ADDRESS']);
    desktop.backend.answer = 'allow';
  });

  const share = async (
    signal = new AbortController().signal,
    questionMs = 10_000,
  ): Promise<Share> => {
    const source = await openPortal(gst, plan, {
      token: new RestoreToken(stateFolder),
      questionMs,
    });
    const shared = await source.share?.(signal);
    if (shared === undefined) throw new Error('nobody is asked');
    onTestFinished(() => shared.close());
    return shared;
  };

  it('gives frames at the wanted rate, while it shows one a second', async () => {
    const { text } = await share();
    expect(desktop.backend.selections.at(-1)).toMatchObject({ types: 1, cursor_mode: 2 });
    const fed = await FedSource.play(gst, { elements: [], text, sound: null, feed: null });
    await waitFor(() => fed.picture.length > 90, { timeoutMs: 15_000, what: 'three seconds' });
    const settled = fed.picture.slice(30);
    expect(settled[0]?.bytes.length).toBe(320 * 180 * 1.5);
    const luma = (x: number): number => settled[0]?.bytes[90 * 320 + x] ?? 0;
    expect([luma(0), luma(160)]).toEqual([16, 235]);
    expect(gapsOf(settled).toSorted((a, b) => a - b)[30]).toBeCloseTo(33.33, 0);
    const late = settled.map(({ lateMs }) => lateMs).toSorted((a, b) => a - b);
    expect(late[Math.floor(late.length * 0.9)]).toBeLessThan(150);
  });

  it('is allowed once: the next time says so', async () => {
    await share();
    const file = join(stateFolder, 'screen-cast-token');
    expect(existsSync(file)).toBe(true);
    const token = readFileSync(file, 'utf8');
    await share();
    expect(desktop.backend.selections.at(-1)).toHaveProperty('restore_data');
    expect(readFileSync(file, 'utf8')).not.toBe('');
    expect(token.length).toBeGreaterThan(8);
  });

  it('that its user does not allow to share ends', async () => {
    desktop.backend.answer = 'refuse';
    await expect(share()).rejects.toMatchObject({ code: 'ended', message: /did not allow/ });
  });

  it('that nobody answers for is missing', async () => {
    desktop.backend.answer = 'later';
    await expect(share(undefined, 300)).rejects.toMatchObject({ code: 'source-missing' });
  });

  it('is not asked for any more when nobody wants it', async () => {
    desktop.backend.answer = 'later';
    const stop = new AbortController();
    const asked = share(stop.signal, 60_000);
    const before = desktop.backend.starts;
    await waitFor(() => desktop.backend.starts > before, { what: 'the question' });
    stop.abort();
    await expect(asked).rejects.toThrow();
    await waitFor(() => desktop.backend.isSessionClosed, { what: 'the end of the question' });
  });

  it('ends when its user stops the sharing', async () => {
    const { ended } = await share();
    desktop.backend.endSession();
    await expect(ended).rejects.toMatchObject({ code: 'ended' });
  });

  it('needs a portal, and a session bus', async () => {
    useBus(desktop.emptyBus);
    await expect(openPortal(gst, plan)).rejects.toMatchObject({
      code: 'software-missing',
      message: /apt-get install xdg-desktop-portal/,
    });
    useBus('unix:path=/nowhere/bus');
    await expect(openPortal(gst, plan)).rejects.toMatchObject({ code: 'source-missing' });
  });
});
