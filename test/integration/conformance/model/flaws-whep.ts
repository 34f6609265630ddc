import { body, header, replies, requests, sections, status, without } from './flaw-parts.ts';
import type { Case } from './flaws-whip.ts';
import type { ModelReply, ModelRequest } from './message.ts';

const created = { at: 'whep', method: 'POST', status: 201 } as const;
const nobody = { at: 'whep', method: 'POST', status: 409 } as const;
const withData = ({ body: sdp }: ModelRequest): boolean => sdp.includes('m=application');
const videoFirst = ({ body: sdp }: ModelRequest): boolean =>
  sdp.indexOf('m=video') < sdp.indexOf('m=audio');

const links = (change: (all: readonly string[]) => string[]) => (reply: ModelReply) => {
  reply.headers['link'] = change(reply.headers['link'] as string[]);
};

/** Flaws of the WHEP endpoint. */
export const whepFlaws: readonly Case[] = [
  {
    name: '200 instead of 201 to viewers',
    fails: ['WHEP-01 MUST'],
    flaw: replies(created, status(200)),
  },
  {
    name: 'recvonly answers to viewers',
    fails: ['WHEP-02 MUST', 'WHEP-03 MUST'],
    flaw: replies(created, body('a=sendonly', 'a=recvonly')),
  },
  {
    name: 'sendonly viewers taken',
    fails: ['WHEP-03 policy'],
    flaw: requests({ at: 'whep', method: 'POST' }, (request) => {
      request.body = request.body.replaceAll('a=sendonly', 'a=recvonly');
    }),
  },
  { name: '404 without a publisher', fails: ['WHEP-04 MUST'], flaw: replies(nobody, status(404)) },
  {
    name: '409 without Retry-After',
    fails: ['WHEP-04 MUST'],
    flaw: replies(nobody, without('retry-after')),
  },
  {
    name: '400 for an unknown stream',
    fails: ['WHEP-05 policy'],
    flaw: replies({ at: 'none', method: 'POST' }, status(400)),
  },
  {
    name: '406 that is no counter-offer',
    fails: ['WHEP-06 MUST', 'WHEP-13 policy'],
    flaw: replies({ ...created, if: withData }, (reply) => {
      reply.status = 406;
      reply.body = '';
    }),
  },
  {
    name: 'an SDP PATCH taken',
    fails: ['WHEP-07 MUST'],
    flaw: replies(
      {
        at: 'session',
        method: 'PATCH',
        status: 415,
        if: ({ headers }) => headers['content-type'] === 'application/sdp',
      },
      status(204),
    ),
  },
  {
    name: '404 for an empty POST',
    fails: ['WHEP-08 policy'],
    flaw: replies(
      { at: 'whep', method: 'POST', if: (request) => request.body === '' },
      status(404),
    ),
  },
  {
    name: 'no candidates for viewers',
    fails: ['WHEP-10 MUST'],
    flaw: replies(created, body(/^a=candidate:.*\r\n/gm, '')),
  },
  {
    name: 'no msid',
    fails: ['WHEP-11 MUST'],
    flaw: replies(created, body(/^a=msid:.* audio\r\n/gm, '')),
  },
  {
    name: 'two streams',
    fails: ['WHEP-11 MUST'],
    flaw: replies(created, body('a=msid:the-stream audio', 'a=msid:another-stream audio')),
  },
  {
    name: 'no m-line for what nobody sends',
    fails: ['WHEP-12 MUST'],
    flaw: replies(
      created,
      sections((all) => all.filter((one) => !one.startsWith('m=audio 0 '))),
    ),
  },
  {
    name: 'a rejected mid in the BUNDLE group',
    fails: ['WHEP-12 policy'],
    flaw: replies(created, body('a=group:BUNDLE 1\r\n', 'a=group:BUNDLE 0 1\r\n')),
  },
  {
    name: 'no m-line for a data channel',
    fails: ['WHEP-13 MUST'],
    flaw: replies(
      created,
      sections((all) => all.filter((one) => !one.startsWith('m=application'))),
    ),
  },
  {
    name: 'm-lines for viewers in an order of its own',
    fails: ['WHEP-14 MUST'],
    flaw: replies(
      { ...created, if: videoFirst },
      sections((all) => all.toReversed()),
    ),
  },
  {
    name: '401 to viewers without a challenge',
    fails: ['WHEP-19 MUST'],
    flaw: replies({ at: 'whep', status: 401 }, without('www-authenticate')),
  },
  {
    name: 'a Link for viewers that is no extension',
    fails: ['WHEP-20 MUST'],
    flaw: replies(
      created,
      links((all) => [...all, '<https://example.org/>; rel="help"']),
    ),
  },
  {
    name: 'HEAD without a type',
    fails: ['WHEP-21 SHOULD'],
    flaw: replies({ at: 'whep', status: 200, method: 'HEAD' }, without('content-type')),
  },
  {
    name: '200 on HEAD of a session',
    fails: ['WHIP-36 MUST', 'WHEP-23 policy'],
    flaw: replies({ at: 'session', method: 'HEAD', status: 204 }, status(200)),
  },
];

/** Flaws of server-sent events and layers. */
export const extensionFlaws: readonly Case[] = [
  {
    name: 'a Link without a semicolon before events',
    fails: ['WHEP-20 MUST', 'EVENT-01 MUST', 'LAYER-01 MUST'],
    flaw: replies(
      created,
      links((all) => all.map((text) => text.replace('; events', ' events'))),
    ),
  },
  {
    name: 'unknown events taken',
    fails: ['EVENT-02 MUST'],
    flaw: requests({ at: 'events', method: 'POST' }, (request) => {
      request.body = request.body.replace('no-such-event', 'active');
    }),
  },
  {
    name: '200 for a new stream',
    fails: ['EVENT-02 MUST'],
    flaw: replies({ at: 'events', status: 201 }, status(200)),
  },
  {
    name: 'events as plain text',
    fails: ['EVENT-03 MUST'],
    flaw: replies(
      { at: 'stream', status: 200, method: 'GET' },
      header('content-type', 'text/plain'),
    ),
  },
  {
    name: 'events that caches keep',
    fails: ['EVENT-03 MUST'],
    flaw: replies({ at: 'stream', status: 200, method: 'GET' }, without('cache-control')),
  },
  {
    name: 'two data lines',
    fails: ['EVENT-03 MUST'],
    flaw: {
      events: (events) =>
        void (events.edit = (text) => text.replace('data: {}', 'data: {\ndata: }')),
    },
  },
  {
    name: 'events that nobody asked for',
    fails: ['EVENT-04 MUST'],
    flaw: { events: (events) => void (events.unasked = ['viewercount']) },
  },
  {
    name: 'no active',
    fails: ['EVENT-05 MUST'],
    flaw: {
      events: (events) => void (events.edit = (text) => (text.includes(': active') ? '' : text)),
    },
  },
  {
    name: 'no inactive',
    fails: ['EVENT-05 MUST'],
    flaw: {
      events: (events) => void (events.edit = (text) => (text.includes('inactive') ? '' : text)),
    },
  },
  {
    name: 'a stream that outlives its end',
    fails: ['EVENT-06 MUST'],
    flaw: replies({ at: 'stream', method: 'GET', status: 404 }, status(200)),
  },
  {
    name: 'viewercount without a number',
    fails: ['EVENT-07 MAY'],
    flaw: {
      events: (events) =>
        void (events.edit = (text) => text.replace(/"viewercount":\d+/, '"viewercount":null')),
    },
  },
  {
    name: 'a stream that needs a token',
    fails: ['EVENT-08 policy'],
    flaw: replies(
      { at: 'stream', method: 'GET', if: ({ headers }) => !('authorization' in headers) },
      status(401),
    ),
  },
  {
    name: 'no pings',
    fails: ['EVENT-10 policy'],
    flaw: { events: (events) => void (events.pings = false) },
  },
  {
    name: 'any number of streams',
    fails: ['EVENT-10 policy'],
    flaw: replies({ at: 'events', status: 429 }, status(201)),
  },
  {
    name: 'layers without events',
    fails: ['LAYER-01 MUST'],
    flaw: replies(
      created,
      links((all) => all.filter((text) => !text.includes('sent-events'))),
    ),
  },
  {
    name: 'layers without a layers event',
    fails: ['LAYER-01 MUST'],
    flaw: replies(
      created,
      links((all) => all.map((text) => text.replace(',layers"', '"'))),
    ),
  },
  {
    name: 'any choice of layers taken',
    fails: ['LAYER-02 MAY'],
    flaw: replies({ at: 'layers', status: 400 }, status(200)),
  },
  {
    name: 'no way back to automatic',
    fails: ['LAYER-03 policy'],
    flaw: replies({ at: 'layers', method: 'DELETE' }, status(405)),
  },
];
