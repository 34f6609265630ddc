import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { Coturn } from '../../support/ice/coturn.ts';
import { diagnoseUrl, readDiagnosis } from '../../support/stage/diagnosis-page.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';

const ROOM = 'diagnosed';
/** RFC 5737: an address that nobody has. */
const NOWHERE = '203.0.113.77';

let browser: TestBrowser;
let coturn: Coturn;
beforeAll(async () => {
  browser = await openTestBrowser();
  coturn = await Coturn.start();
});
afterAll(async () => {
  await coturn.close();
  await browser.close();
  expect(browser.pageErrors).toEqual([]);
});

async function diagnose(settings: Readonly<Record<string, string>> = {}) {
  const gateway = await GatewayProcess.start(settings);
  try {
    const page = await browser.open(diagnoseUrl(gateway, ROOM));
    const found = await readDiagnosis(page);
    await page.close();
    const sessions = await gateway.api('GET', '/api/v1/sessions');
    const nodes = await gateway.api('GET', '/api/v1/nodes');
    return { ...found, sessions, nodes, output: gateway.output };
  } finally {
    await gateway.close();
  }
}

test('[DIAG-01] where all is well every way is tried and works, and no session is left', async () => {
  const TURN_URLS = [coturn.url('udp'), coturn.url('tcp')].join();
  const found = await diagnose({ TURN_URLS, TURN_SECRET: Coturn.SECRET });
  expect(found.outcomes).toEqual({
    ...{ gateway: 'passed', link: 'passed', clock: 'passed', websocket: 'passed' },
    ...{ codecs: 'passed', udp: 'passed', tcp: 'left-out', stun: 'left-out' },
    ...{ 'turn-udp': 'passed', 'turn-tcp': 'passed' },
  });
  expect(found.tone).toBe('good');
  expect(found.verdict).toContain('Everything that a picture needs gets through');
  expect(found.sessions).toMatchObject({ items: [], total: 0 });
});

test('[DIAG-02] a wrong address is told with the setting that is to be changed', async () => {
  const found = await diagnose({ MEDIA_CANDIDATE: NOWHERE });
  expect(found.outcomes).toMatchObject({ udp: 'failed', websocket: 'passed', codecs: 'passed' });
  expect(found.tone).toBe('limited');
  expect(found.verdict).toContain(`media to ${NOWHERE}:`);
  expect(found.verdict).toContain('Pictures come over the WebSocket instead.');
  expect(found.advice).toContain('MEDIA_CANDIDATE');
  const { items } = found.nodes as { items: { addresses: unknown }[] };
  const isWrong = { configured: true, probes: [expect.objectContaining({ reachable: false })] };
  expect(items.map(({ addresses }) => addresses)).toContainEqual(expect.objectContaining(isWrong));
});

test('[DIAG-03] a TURN server with another secret is named, and no password is in the report', async () => {
  const TURN_URLS = [coturn.url('udp'), coturn.url('tcp')].join();
  const found = await diagnose({ TURN_URLS, TURN_SECRET: 'another-secret-than-coturn-has' });
  expect(found.outcomes).toMatchObject({
    udp: 'passed',
    'turn-udp': 'failed',
    'turn-tcp': 'failed',
  });
  expect(found.report).toContain('refuses the password');
  expect(found.report).toContain(`turn:127.0.0.1:${coturn.port}`);
  expect(found.report).not.toMatch(/token=|eyJ|\d{10}:viewer|another-secret/);
});

test('[DIAG-04] a link that is not good is named', async () => {
  const gateway = await GatewayProcess.start();
  try {
    const page = await browser.open(`${gateway.url}/diagnose?room=${ROOM}#token=nonsense`);
    const found = await readDiagnosis(page);
    await page.close();
    expect(found.outcomes).toMatchObject({ gateway: 'passed', link: 'failed', udp: 'left-out' });
    expect(found.verdict).toBe('This link is not valid. Ask for a new link.');
  } finally {
    await gateway.close();
  }
});
