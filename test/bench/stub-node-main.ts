/**
 * A process that speaks just enough of SRS's contract for a gateway to open sessions at it: it
 * calls the gateway's hook, then answers each offer with the same words. It costs next to nothing,
 * so that the gateway is what is measured.
 */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const hooksUrl = new URL(process.argv[2] ?? 'http://127.0.0.1:9/api/srs');
const ENVELOPE = { code: 0, server: 'vid-stub', service: 'stubstub', pid: '1' };
const hookAgent = new Agent({ keepAlive: true, maxSockets: 64 });
const clients = new Map<string, { id: string; type: string; url: string; send_bytes: number }>();
let joined = 0;

const server = createServer((incoming, outgoing) => {
  const url = new URL(incoming.url ?? '/', 'http://stub');
  incoming.resume();
  incoming.on('end', () => {
    if (!url.pathname.startsWith('/rtc/')) outgoing.end(JSON.stringify(describe(url.pathname)));
    else if (incoming.method === 'DELETE') remove(url, outgoing);
    else answerOffer(url, incoming, outgoing);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));

function describe(path: string): object {
  switch (path) {
    case '/api/v1/versions':
      return { ...ENVELOPE, data: { major: 7, minor: 0, revision: 143, version: '7.0.143' } };
    case '/api/v1/clients/':
      return { ...ENVELOPE, clients: [...clients.values()] };
    case '/api/v1/streams/':
      return { ...ENVELOPE, streams: liveStreams() };
    default:
      return { ...ENVELOPE, data: {} };
  }
}

/** Viewers have media at once; publishers only in rooms whose name begins with `live`. */
function liveStreams(): object[] {
  return [...clients.values()]
    .filter(({ type, url }) => type === 'rtc-publish' && url.startsWith('/live'))
    .map(({ id }) => ({ publish: { active: true, cid: id } }));
}

function remove(url: URL, outgoing: ServerResponse): void {
  const [id = ''] = (url.searchParams.get('session') ?? '').split(':');
  clients.delete(id);
  outgoing.end();
}

function answerOffer(url: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const isPublish = url.pathname.startsWith('/rtc/v1/whip/');
  const id = (joined += 1).toString(36).padStart(8, '0');
  const [app, stream] = [url.searchParams.get('app') ?? '', url.searchParams.get('stream') ?? ''];
  const type = isPublish ? 'rtc-publish' : 'rtc-play';
  clients.set(id, { id, type, url: `/${app}/${stream}`, send_bytes: 1 });
  const hook = {
    action: isPublish ? 'on_publish' : 'on_play',
    ...{ server_id: ENVELOPE.server, service_id: ENVELOPE.service, client_id: id },
    ...{ ip: '127.0.0.1', vhost: '__defaultVhost__', app, stream, param: url.search.slice(1) },
  };
  callHook(isPublish ? 'publish' : 'play', JSON.stringify(hook), (isAllowed) => {
    if (!isAllowed) return void outgoing.writeHead(401).end('1: Refused');
    const token = `token=stub&app=${app}&stream=${stream}&session=${id}:stub`;
    outgoing.writeHead(201, {
      'content-type': 'application/sdp',
      location: `/rtc/v1/whip/?action=delete&${token}`,
      connection: incoming.headers.connection ?? 'close',
    });
    outgoing.end(isPublish ? PUBLISH_ANSWER : PLAY_ANSWER);
  });
}

function callHook(event: string, body: string, done: (isAllowed: boolean) => void): void {
  const target = { hostname: hooksUrl.hostname, port: hooksUrl.port };
  const path = `${hooksUrl.pathname}/${event}${hooksUrl.search}`;
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const call = request({ ...target, path, headers, method: 'POST', agent: hookAgent }, (reply) => {
    let text = '';
    reply.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    reply.on('end', () => done(text === '0'));
  });
  call.on('error', () => done(false));
  call.end(body);
}

const TRANSPORT = `c=IN IP4 0.0.0.0
a=ice-ufrag:7x1o4p20
a=ice-pwd:56iu7788lp9f5w9315p485559a8354y1
a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => '20').join(':')}
a=setup:passive
a=rtcp-mux
a=rtcp-rsize
a=candidate:0 1 udp 2130706431 127.0.0.1 8000 typ host generation 0`;
const AUDIO = `a=mid:0
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1`;
const VIDEO = `a=mid:1
a=rtpmap:102 H264/90000
a=rtcp-fb:102 transport-cc
a=rtcp-fb:102 nack
a=rtcp-fb:102 nack pli
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f`;
const PUBLISH_ANSWER = answer('SRSPublishSession', 'a=recvonly', '');
const PLAY_ANSWER = answer('SRSPlaySession', 'a=sendonly', 'a=ssrc:10001 cname:stub\n');

function answer(name: string, direction: string, source: string): string {
  return `v=0
o=SRS/7.0.143(Stub) 94597817461664 2 IN IP4 0.0.0.0
s=${name}
t=0 0
a=ice-lite
a=group:BUNDLE 0 1
a=msid-semantic: WMS live/stub
m=audio 9 UDP/TLS/RTP/SAVPF 111
${TRANSPORT}
${AUDIO}
${direction}
${source}m=video 9 UDP/TLS/RTP/SAVPF 102
${TRANSPORT}
${VIDEO}
${direction}
${source.replace('10001', '10002')}`.replace(/\n/g, '\r\n');
}
