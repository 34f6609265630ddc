import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { Coturn } from '../../support/ice/coturn.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Phone } from '../camera/phone.ts';
import { waitForState } from '../theatre.ts';

let coturn: Coturn;
let phone: Phone;
let browser: TestBrowser;

beforeAll(async () => {
  coturn = await Coturn.start();
  phone = await Phone.open();
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await phone.close();
  await coturn.close();
});

test.each(['udp', 'tcp'] as const)(
  '[DIR-13] a viewer that may use nothing but TURN watches directly through it over %s',
  async (transport) => {
    const TURN_URLS = coturn.url(transport);
    const gateway = await GatewayProcess.start({ TURN_URLS, TURN_SECRET: Coturn.SECRET });
    try {
      const room = `relayed-${transport}`;
      const camera = await phone.openCamera(gateway, room, '?mode=direct');
      await camera.getByTestId('start').click();
      await waitForState(camera, 'live');
      const token = gateway.token({ sub: 'bob', room, can: ['watch'] });
      const query = 'source=camera&mode=direct&ice=relay';
      const viewer = await browser.open(`${gateway.url}/watch/${room}?${query}#token=${token}`);
      await waitForMovingPicture(viewer, {
        selector: '[data-testid="video"]',
        timeoutMs: 30_000,
      });
      await viewer.getByTestId('figures-toggle').click();
      await waitFor(
        async () => (await viewer.getByTestId('now-bitrateBps').textContent())?.includes('bit/s'),
        { timeoutMs: 20_000, what: 'a bitrate' },
      );
      const [download] = await Promise.all([
        viewer.waitForEvent('download'),
        viewer.getByTestId('save-report').click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      expect(JSON.parse(text)).toMatchObject({
        ...{ report: 'pixelcast-watch', mode: 'direct', state: 'live' },
        path: { local: 'relay', protocol: transport },
      });
      expect(text).not.toContain(token);
      expect(text).not.toContain('127.0.0.1');
      await viewer.close();
      await camera.close();
    } finally {
      await gateway.close();
    }
  },
);
