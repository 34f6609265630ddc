import {
  body,
  header,
  isPreflight,
  replies,
  requests,
  sections,
  status,
  without,
} from './flaw-parts.ts';
import type { ModelRequest } from './message.ts';
import type { ModelOptions } from './model-server.ts';
import type { ModelRoom } from './room.ts';

/** A model with one flaw, and what must be found: nothing less, nothing more. */
export interface Case extends ModelOptions {
  readonly name: string;
  readonly fails: readonly string[];
}

const created = { at: 'whip', method: 'POST', status: 201 } as const;
const posted = { at: 'whip', method: 'POST' } as const;
const bodyHas =
  (text: string) =>
  (request: ModelRequest): boolean =>
    request.body.includes(text);
const videoFirst = (request: ModelRequest): boolean =>
  request.body.indexOf('m=video') < request.body.indexOf('m=audio');

const isPublisher = ({ path }: ModelRequest, room: ModelRoom): boolean =>
  room.session(path.slice('/sessions/'.length))?.kind === 'publish';

/** Flaws of the WHIP endpoint. */
export const whipFlaws: readonly Case[] = [
  { name: '200 instead of 201', fails: ['WHIP-01 MUST'], flaw: replies(created, status(200)) },
  { name: 'no Location', fails: ['WHIP-01 MUST'], flaw: replies(created, without('location')) },
  {
    name: 'an answer of another type',
    fails: ['WHIP-01 MUST'],
    flaw: replies(created, header('content-type', 'text/plain')),
  },
  {
    name: 'a charset beside the type',
    fails: ['WHIP-01 policy'],
    flaw: replies(created, header('content-type', 'application/sdp; charset=utf-8')),
  },
  {
    name: 'a relative Location',
    fails: ['WHIP-02 policy'],
    flaw: replies(created, (reply) => {
      reply.headers['location'] = new URL(String(reply.headers['location'])).pathname;
    }),
  },
  {
    name: 'a weak ETag',
    fails: ['WHIP-03 MUST'],
    flaw: {
      ...replies(created, (reply) => {
        reply.headers['etag'] = `W/${String(reply.headers['etag'])}`;
      }),
      ...requests({ at: 'session', method: 'PATCH', if: isPublisher }, ({ headers }) => {
        const tag = headers['if-match'];
        if (tag !== undefined) headers['if-match'] = tag.replace(/(^|, )W\//, '$1');
      }),
    },
  },
  { name: 'no ETag', fails: ['WHIP-03 MUST'], flaw: replies(created, without('etag')) },
  {
    name: 'any Content-Type',
    fails: ['WHIP-04 MUST'],
    flaw: requests(posted, ({ headers }) => void (headers['content-type'] = 'application/sdp')),
  },
  {
    name: '400 for another Content-Type',
    fails: ['WHIP-04 policy'],
    flaw: replies({ ...posted, status: 415 }, status(400)),
  },
  {
    name: 'a Content-Type compared whole',
    fails: ['WHIP-05 MUST'],
    flaw: replies(
      { ...created, if: ({ headers }) => headers['content-type'] !== 'application/sdp' },
      status(415),
    ),
  },
  {
    name: '500 for a body that is no SDP',
    fails: ['WHIP-06 MUST'],
    flaw: replies(
      { ...posted, status: 400, if: (request) => !bodyHas('m=')(request) },
      status(500),
    ),
  },
  {
    name: '422 for a body that is no SDP',
    fails: ['WHIP-06 policy'],
    flaw: replies(
      { ...posted, status: 400, if: (request) => !bodyHas('m=')(request) },
      status(422),
    ),
  },
  {
    name: 'sendrecv answers',
    fails: ['WHIP-07 MUST', 'WHIP-08 MUST'],
    flaw: replies(created, body('a=recvonly', 'a=sendrecv')),
  },
  {
    name: 'inactive offers taken',
    fails: ['WHIP-08 policy'],
    flaw: requests(posted, (request) => {
      request.body = request.body.replaceAll('a=inactive', 'a=sendonly');
    }),
  },
  {
    name: 'a codec answered that nobody has',
    fails: ['WHIP-09 SHOULD'],
    flaw: requests(posted, (request) => {
      request.body = request.body.replace('X-NOBODY', 'H264');
    }),
  },
  {
    name: 'the second video left out',
    fails: ['WHIP-10 MUST'],
    flaw: requests({ ...posted, if: bodyHas('a=mid:2') }, (request) => {
      request.body = request.body.slice(0, request.body.lastIndexOf('m=video'));
    }),
  },
  {
    name: 'msid demanded',
    fails: ['WHIP-11 policy'],
    flaw: replies({ ...created, if: (request) => !bodyHas('\na=msid:')(request) }, status(422)),
  },
  {
    name: 'a mid outside the BUNDLE group',
    fails: ['WHIP-12 MUST'],
    flaw: replies(created, body('a=group:BUNDLE 0 1', 'a=group:BUNDLE 0')),
  },
  {
    name: 'no rtcp-mux',
    fails: ['WHIP-12 MUST'],
    flaw: replies(created, body('a=rtcp-mux\r\n', '')),
  },
  {
    name: 'rtcp-mux-only demanded',
    fails: ['WHIP-01 MUST', 'WHIP-13 MUST', 'WHIP-67 MUST'],
    flaw: replies(created, (reply) => {
      reply.status = 422;
      reply.body = 'a=rtcp-mux-only is missing';
    }),
  },
  {
    name: 'm-lines in an order of its own',
    fails: ['WHIP-14 MUST'],
    flaw: replies(
      { ...created, if: videoFirst },
      sections((all) => all.toReversed()),
    ),
  },
  {
    name: 'an m-line left out',
    fails: ['WHIP-12 MUST', 'WHIP-14 MUST'],
    flaw: replies(
      created,
      sections(([first = '']) => [first]),
    ),
  },
  {
    name: 'actpass answered actpass',
    fails: ['WHIP-15 SHOULD'],
    flaw: replies(created, body('a=setup:passive', 'a=setup:actpass')),
  },
  {
    name: 'passive answered passive',
    fails: ['WHIP-16 policy'],
    flaw: replies(created, body('a=setup:active', 'a=setup:passive')),
  },
  {
    name: 'no candidates',
    fails: ['WHIP-17 MUST'],
    flaw: replies(created, body(/^a=candidate:.*\r\n/gm, '')),
  },
  {
    name: 'TCP candidates alone',
    fails: ['WHIP-17 policy'],
    flaw: replies(created, body(' 1 udp ', ' 1 tcp ')),
  },
  {
    name: 'ice-lite in an m-line',
    fails: ['WHIP-18 MUST'],
    flaw: replies(created, body('a=rtcp-mux\r\n', 'a=rtcp-mux\r\na=ice-lite\r\n')),
  },
  {
    name: 'candidates demanded',
    fails: ['WHIP-19 SHOULD'],
    flaw: replies({ ...created, if: (request) => !bodyHas('a=candidate:')(request) }, status(422)),
  },
  {
    name: 'simulcast silently dropped',
    fails: ['WHIP-20 MAY'],
    flaw: requests(posted, (request) => {
      request.body = request.body.replace('a=simulcast:', 'a=x-simulcast:');
    }),
  },
  {
    name: 'a Link that is no extension',
    fails: ['WHIP-21 MUST'],
    flaw: replies(created, header('link', '<https://example.org/>; rel="help"')),
  },
  {
    name: 'refusals in plain text',
    fails: ['WHIP-22 policy'],
    flaw: replies({ ...posted, status: 400 }, header('content-type', 'text/plain')),
  },
  {
    name: 'a problem of another status',
    fails: ['WHIP-22 MUST'],
    flaw: replies({ ...posted, status: 400 }, body('"status":400', '"status":418')),
  },
  {
    name: 'a second publisher beside the first',
    fails: ['WHIP-23 policy'],
    flaw: replies({ at: 'session', method: 'GET', status: 404, if: neverDeleted() }, status(204)),
  },
  {
    name: '400 for 2 MiB',
    fails: ['WHIP-24 policy'],
    flaw: replies({ ...posted, status: 413 }, status(400)),
  },
  { name: 'Expect always continued', fails: ['WHIP-24 policy'], flaw: { expectsAnything: true } },
  {
    name: 'no chunked bodies',
    fails: ['WHIP-25 MUST'],
    flaw: replies({ ...created, if: ({ headers }) => 'transfer-encoding' in headers }, status(411)),
  },
  {
    name: 'GET of the endpoint refused',
    fails: ['WHIP-35 MUST'],
    flaw: replies({ at: 'whip', status: 204 }, (reply) => {
      reply.status = 405;
      reply.headers['allow'] = 'OPTIONS, POST';
    }),
  },
  {
    name: 'HEAD refused where GET is not',
    fails: ['WHIP-36 MUST'],
    flaw: replies({ at: 'whip', method: 'HEAD' }, status(404)),
  },
  {
    name: '405 without Allow',
    fails: ['WHIP-37 MUST'],
    flaw: replies({ at: 'whip', status: 405 }, without('allow')),
  },
  {
    name: 'PUT taken',
    fails: ['WHIP-37 MUST'],
    flaw: replies({ at: 'whip', method: 'PUT' }, status(200)),
  },
  {
    name: '400 for an unknown method',
    fails: ['WHIP-38 SHOULD'],
    flaw: { unknownMethod: '400 Bad Request' },
  },
  {
    name: 'OPTIONS refused',
    fails: ['WHIP-39 MUST'],
    flaw: replies(
      { at: 'whip', method: 'OPTIONS', if: (request) => !isPreflight(request) },
      status(405),
    ),
  },
  {
    name: 'no Accept-Post',
    fails: ['WHIP-39 SHOULD'],
    flaw: replies({ at: 'whip', method: 'OPTIONS' }, without('accept-post')),
  },
];

/** Whether a session ended without a DELETE of its own. */
function neverDeleted() {
  return ({ path }: ModelRequest, room: ModelRoom): boolean =>
    !room.deleted.has(path.slice('/sessions/'.length));
}
