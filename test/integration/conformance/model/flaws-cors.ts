import { ORIGIN } from '../check-model.ts';
import { header, isPreflight, replies, without } from './flaw-parts.ts';
import type { Case } from './flaws-whip.ts';
import type { ModelReply } from './message.ts';

const ALLOWED = 'access-control-allow-origin';
const preflight = { at: 'whip', method: 'OPTIONS', if: isPreflight } as const;

const lessOf = (name: string, member: string) => (reply: ModelReply) => {
  const members = String(reply.headers[name]).split(', ');
  reply.headers[name] = members.filter((known) => known !== member).join(', ');
};

/** Flaws that scripts of other origins meet. */
export const corsFlaws: readonly Case[] = [
  {
    name: 'a preflight that allows no origin',
    fails: ['CORS-01 MUST'],
    flaw: replies(preflight, without(ALLOWED)),
  },
  {
    name: 'a preflight that needs a token',
    fails: ['CORS-01 MUST', 'CORS-03 SHOULD', 'WHIP-70 MUST'],
    flaw: replies(preflight, (reply) => {
      reply.status = 401;
    }),
  },
  {
    name: 'no PATCH from scripts',
    fails: ['CORS-02 MUST'],
    flaw: replies(
      { at: 'session', method: 'OPTIONS' },
      lessOf('access-control-allow-methods', 'PATCH'),
    ),
  },
  {
    name: 'no OPTIONS from scripts',
    fails: ['CORS-03 SHOULD'],
    flaw: replies(preflight, lessOf('access-control-allow-methods', 'OPTIONS')),
  },
  {
    name: '* for allowed headers',
    fails: ['CORS-04 MUST'],
    flaw: replies(preflight, header('access-control-allow-headers', '*')),
  },
  {
    name: 'Location not exposed',
    fails: ['CORS-05 MUST'],
    flaw: replies({ at: 'whip' }, lessOf('access-control-expose-headers', 'Location')),
  },
  {
    name: 'Retry-After not exposed',
    fails: ['CORS-05 policy'],
    flaw: replies({ at: 'whep' }, lessOf('access-control-expose-headers', 'Retry-After')),
  },
  {
    name: 'a 401 that scripts cannot read',
    fails: ['CORS-06 MUST'],
    flaw: replies({ at: 'whip', status: 401 }, without(ALLOWED)),
  },
  {
    name: 'a 404 that scripts cannot read',
    fails: ['CORS-06 MUST'],
    flaw: replies({ at: 'session', status: 404 }, without(ALLOWED)),
  },
  {
    name: 'an echoed origin without Vary',
    origin: ORIGIN,
    fails: ['CORS-07 MUST'],
    flaw: replies({ at: 'whip' }, without('vary')),
  },
  {
    name: 'credentials with *',
    fails: ['CORS-08 MUST'],
    flaw: replies(preflight, header('access-control-allow-credentials', 'true')),
  },
  {
    name: 'no Access-Control-Max-Age',
    fails: ['CORS-09 policy'],
    flaw: replies(preflight, without('access-control-max-age')),
  },
  {
    name: 'private networks refused',
    fails: ['CORS-10 MAY'],
    flaw: replies(preflight, header('access-control-allow-private-network', 'false')),
  },
];
