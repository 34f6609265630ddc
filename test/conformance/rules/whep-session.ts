import { Findings } from '../findings.ts';
import { NotApplicable } from '../not-applicable.ts';
import { rulesOf, type Given, type Rule } from '../rule.ts';
import { authorizationRules, secrecy } from './authorization.ts';
import { extensionLinks } from './creating.ts';
import { deletes, deleteIgnoresTags, goneAfterDelete, options, otherMethods } from './methods.ts';
import { patchFormRules } from './patch-forms.ts';
import { patchRules } from './patch.ts';
import { iceServers, redirectCodes, retryAfter, sessionsAreFinal } from './redirect-load.ts';
import { all, discovery } from './whep-creating.ts';

/** What a WHEP session shares with WHIP, and discovery. */
export const whepSessionRules = rulesOf(
  'WHEP',
  [
    [
      '15',
      'MUST',
      '§4.3',
      'DELETE ends session and media; OPTIONS tells Accept-Post',
      all(deletes, goneAfterDelete, deleteIgnoresTags, otherMethods, options),
    ],
    [
      '16',
      'MUST',
      '§4.4',
      'PATCH: the rules WHIP-40 to WHIP-57',
      asOf([...patchRules, ...patchFormRules]),
    ],
    [
      '17',
      'MUST',
      '§4.6',
      'Redirects are 307, sessions are final, overload is 503',
      each(sessionsAreFinal, redirectCodes, retryAfter),
    ],
    ['18', 'MAY', '§4.7', 'The 201 tells STUN and TURN servers', iceServers],
    [
      '19',
      'MUST',
      '§4.8',
      'Bearer tokens: the rules WHIP-67 to WHIP-70',
      asOf(authorizationRules.filter(({ id }) => id <= 'WHIP-70')),
    ],
    ['20', 'MUST', '§4.9', 'Each extension is advertised by a Link of its own', extensionLinks],
    [
      '21',
      'SHOULD',
      'WHEP editor’s copy §4.2',
      'HEAD and GET tell that WHEP is spoken here',
      discovery,
    ],
    ['22', 'SHOULD', '§5', 'HTTPS is used, and session URLs cannot be guessed', secrecy],
    ['23', 'policy', 'WHEP editor’s copy §4.2', 'HEAD and GET on a session are 204', sessionReads],
  ],
  'WHEP-03',
);

/** Checks that do not apply are left out; n/a when none does. */
function each(...checks: readonly ((given: Given) => Promise<void>)[]) {
  return async (given: Given): Promise<void> => {
    const reasons: string[] = [];
    for (const check of checks) {
      try {
        await check(given);
      } catch (error) {
        if (!(error instanceof NotApplicable)) throw error;
        reasons.push(error.message);
      }
    }
    if (reasons.length === checks.length) throw new NotApplicable(reasons.join('; '));
  };
}

/** WHIP's rules on the WHEP endpoint; what is found bears their ids. */
function asOf(rules: readonly Rule[]) {
  return each(
    ...rules.map((rule) => async ({ server, seen, kind }: Given): Promise<void> => {
      const own = new Findings();
      try {
        await rule.check({ server, seen: own, kind });
      } finally {
        await server.tidy();
        seen.take(rule.id, own);
      }
    }),
  );
}

async function sessionReads({ server, seen, kind }: Given): Promise<void> {
  const session = await server.open(kind);
  for (const method of ['HEAD', 'GET']) {
    const { status, body } = await session.ask(method);
    seen.policy(status === 204 && body === '', `${method} was answered ${status}, 204 wanted`);
  }
}
