import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { paintMovingPicture } from '../support/browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../support/browser/page-server.ts';
import { publishFromPage } from '../support/browser/page-session.ts';
import { readInbound } from '../support/browser/peer-connections.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { Coturn } from '../support/ice/coturn.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOM = 'relayed';
let coturn: Coturn;
let pages: PageServer;
let browser: TestBrowser;

beforeAll(async () => {
  coturn = await Coturn.start();
  pages = await openPageServer();
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await pages.close();
  await coturn.close();
});

/** A gateway that names this TURN server, and somebody who publishes directly. */
async function openRoom(url: string): Promise<{ gateway: GatewayProcess; publisher: Page }> {
  const gateway = await GatewayProcess.start({ TURN_URLS: url, TURN_SECRET: Coturn.SECRET });
  const publisher = await browser.open(pages.page('publisher'));
  await paintMovingPicture(publisher);
  const bearer = gateway.token({ sub: 'anna', room: ROOM, can: ['publish'] });
  await publishFromPage(publisher, { url: `${gateway.url}/whip/${ROOM}`, bearer });
  return { gateway, publisher };
}

const LIBRARY_GAP =
  "Chromium's checks over TURN/TCP have the tiebreaker 0, which the engine's ICE library refuses";

test.for(['udp', 'tcp'] as const)(
  '[ICE-18] a viewer that may use nothing but TURN plays through it over %s',
  async (transport, { skip }) => {
    skip(transport === 'tcp' && !GatewayProcess.usesRealNodes, LIBRARY_GAP);
    const { gateway, publisher } = await openRoom(coturn.url(transport));
    const viewer = await browser.open(pages.page('viewer'));
    try {
      const token = gateway.token({ sub: 'bob', room: ROOM, can: ['watch'] });
      const content = watchByRelay({ endpoint: `${gateway.url}/whep/${ROOM}`, token });
      await viewer.addScriptTag({ type: 'module', content });
      await waitFor(async () => (await readInbound(viewer)).framesDecoded > 40, {
        timeoutMs: 30_000,
        what: 'pictures through TURN',
      });
      expect(await viewer.evaluate(readPath)).toEqual({
        type: 'relay',
        protocol: transport,
        server: coturn.url(transport),
        remote: 'host',
      });
    } finally {
      await viewer.close();
      await publisher.close();
      await gateway.close();
    }
  },
);

test.each(['udp', 'tcp'] as const)(
  '[ICE-18] what the gateway names relays between two browsers over %s',
  async (transport) => {
    const url = coturn.url(transport);
    const gateway = await GatewayProcess.start({ TURN_URLS: url, TURN_SECRET: Coturn.SECRET });
    const page = await browser.open(pages.page('peers'));
    try {
      const bearer = gateway.token({ sub: 'bob', room: ROOM, can: ['watch'] });
      const reply = await fetch(`${gateway.url}/api/v1/ice-servers`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      const { iceServers } = (await reply.json()) as { iceServers: RTCIceServer[] };
      expect(await page.evaluate(greetByRelay, iceServers)).toBe('hello');
      expect(await page.evaluate(readPath)).toMatchObject({ type: 'relay', protocol: transport });
    } finally {
      await page.close();
      await gateway.close();
    }
  },
);

/** Runs in the page: a word by a data channel between two peers that use TURN alone. */
async function greetByRelay(iceServers: RTCIceServer[]): Promise<unknown> {
  const configuration: RTCConfiguration = { iceServers, iceTransportPolicy: 'relay' };
  const [caller, callee] = [
    new RTCPeerConnection(configuration),
    new RTCPeerConnection(configuration),
  ];
  caller.onicecandidate = ({ candidate }) => void callee.addIceCandidate(candidate ?? undefined);
  callee.onicecandidate = ({ candidate }) => void caller.addIceCandidate(candidate ?? undefined);
  const heard = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('nothing came through')), 20_000);
    callee.ondatachannel = ({ channel }) => (channel.onmessage = ({ data }) => resolve(data));
  });
  const channel = caller.createDataChannel('greeting');
  channel.onopen = () => channel.send('hello');
  await caller.setLocalDescription();
  if (caller.localDescription !== null) await callee.setRemoteDescription(caller.localDescription);
  await callee.setLocalDescription();
  if (callee.localDescription !== null) await caller.setRemoteDescription(callee.localDescription);
  return await heard;
}

/** The product's player, by TURN alone. */
const watchByRelay = (options: { endpoint: string; token: string }): string => `
  import { WhepClient } from '/core/whep-client.ts';
  const options = ${JSON.stringify({ ...options, iceTransportPolicy: 'relay' })};
  const client = new WhepClient(options);
  const video = document.createElement('video');
  video.autoplay = video.muted = true;
  document.body.append(video);
  client.stream.subscribe(() => (video.srcObject = client.stream.value));
  client.start();
`;

/** Runs in the page: the pair of candidates that carries the media. */
async function readPath(): Promise<Record<string, unknown>> {
  const peer = window.testPeers?.at(-1);
  if (peer === undefined) throw new Error('no peer connection');
  const report = await peer.getStats();
  const entries = [...report.values()] as Record<string, unknown>[];
  const transport = entries.find(({ type }) => type === 'transport');
  const pair = report.get(String(transport?.['selectedCandidatePairId'])) as
    Record<string, unknown> | undefined;
  const local = report.get(String(pair?.['localCandidateId'])) as
    Record<string, unknown> | undefined;
  const remote = report.get(String(pair?.['remoteCandidateId'])) as
    Record<string, unknown> | undefined;
  return {
    type: local?.['candidateType'],
    protocol: local?.['relayProtocol'],
    server: local?.['url'],
    remote: remote?.['candidateType'],
  };
}
