import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import nodeDataChannel from 'node-datachannel';
import type { DataChannel, PeerConnection } from 'node-datachannel';
import { WebSocketServer } from 'ws';
import {
  channelAnswer,
  libraryOffer,
  readChannelOffer,
} from '../../gateway/input-channel/description.ts';
import { startNative } from '../../native/library.ts';
import { answerOf } from '../../native/negotiation.ts';

/** What arrived: by which way, of what kind, its number, when it was sent and when it was here. */
export type Arrival = readonly [way: string, kind: 'm' | 'k', n: number, at: number, here: number];

/** The far end of a path: WebSockets and data channels, and a note of all that comes. */
const [, , address = '127.0.0.1', udpPort = '9000'] = process.argv;
const native = startNative({ port: Number(udpPort), log: () => undefined });
const kept: (PeerConnection | DataChannel)[] = [];
let arrivals: Arrival[] = [];

const take = (way: string, text: string): void => {
  const { k, n, at } = JSON.parse(text) as { k: 'm' | 'k'; n: number; at: number };
  arrivals.push([way, k, n, at, performance.timeOrigin + performance.now()]);
};

async function answer(sdp: string): Promise<string> {
  const offer = readChannelOffer(sdp);
  if (offer === null) throw new Error('no offer');
  const peer = new nodeDataChannel.PeerConnection('bench', {
    iceServers: [],
    disableAutoNegotiation: true,
    enableIceUdpMux: true,
    portRangeBegin: native.port,
    portRangeEnd: native.port,
  });
  kept.push(peer);
  peer.onDataChannel((channel) => {
    kept.push(channel);
    channel.onClosed(() => undefined);
    channel.onMessage((text) => {
      if (typeof text === 'string') take(channel.getLabel(), text);
    });
  });
  const local = await answerOf(peer, libraryOffer(offer.remote));
  return channelAnswer({ mid: offer.mid, local, addresses: [address], port: native.port });
}

const server = createServer((_, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<!doctype html>');
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, { url }) => {
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (url === '/signal') void answer(text).then((sdp) => socket.send(sdp));
    else take(url?.slice(1) ?? '', text);
  });
});
process.on('message', () => {
  process.send?.(arrivals);
  arrivals = [];
});
process.on('disconnect', () => process.exit(0));
server.listen(0, address);
await once(server, 'listening');
process.send?.((server.address() as AddressInfo).port);
