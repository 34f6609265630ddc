import { A_CANDIDATE, fragmentOf, lines } from '../fragment.ts';
import { isSuccess, type Reply } from '../http-client.ts';
import { rulesOf, type Given } from '../rule.ts';
import { openTrickling } from './patch.ts';

/** The many ways in which clients write a trickle fragment. */
export const patchFormRules = rulesOf('WHIP', [
  ['46', 'MUST', '§4.3.2', 'Candidates that are of no use are dropped silently', uselessCandidates],
  [
    '52',
    'policy',
    '§4.3.3',
    'If-Match: * with the current credentials is plain trickle',
    currentStar,
  ],
  ['53', 'MAY', '§4.3.1', 'PATCHes at the same time are answered each on its own', overlapping],
  [
    '54',
    'MUST',
    'RFC 8840 §9',
    'end-of-candidates is taken, alone and before candidates',
    endOfCandidates,
  ],
  [
    '55',
    'policy',
    'RFC 8840 §9',
    'Fragments are read as loosely as clients write them',
    looseForms,
  ],
  ['56', 'policy', '§4.3.2', 'A burst of PATCHes over all m-lines is taken', burst],
]);

/** What a browser reader sends at once: one PATCH per candidate over three m-lines. */
const BURST = 11;

async function uselessCandidates(given: Given): Promise<void> {
  const session = await openTrickling(given);
  const all = [
    ['TCP', 'a=candidate:1 1 tcp 1518280447 192.0.2.77 9 typ host tcptype active'],
    ['an unknown transport', 'a=candidate:1 1 sctp 1518280447 192.0.2.77 9 typ host'],
    ['a .local name', `a=candidate:1 1 udp 2113937151 ${LOCAL_NAME} 50000 typ host`],
    ['an unknown name', 'a=candidate:1 1 udp 2113937151 nobody.invalid 50000 typ host'],
    ['IPv6', 'a=candidate:1 1 udp 2113937151 2001:db8::77 50000 typ host'],
  ] as const;
  for (const [name, candidate] of all) {
    const reply = await session.patch({ body: fragmentOf(session.ice, [candidate]) });
    given.seen.must(wasTaken(reply), `a candidate with ${name} was answered ${reply.status}`);
  }
}

async function currentStar(given: Given): Promise<void> {
  const session = await openTrickling(given);
  const reply = await session.patch({ ifMatch: '*' });
  given.seen.policy(wasTaken(reply), `it was answered ${reply.status}, 204 wanted`);
}

async function overlapping(given: Given): Promise<void> {
  const session = await openTrickling(given);
  const replies = await Promise.all([1, 2, 3].map(() => session.patch()));
  const statuses = replies.map(({ status }) => status).join(', ');
  given.seen.may(replies.every(wasTaken), `three at once were answered ${statuses}`);
}

async function endOfCandidates(given: Given): Promise<void> {
  const session = await openTrickling(given);
  const forms = [
    ['end-of-candidates alone', ['a=end-of-candidates']],
    ['candidates after the end', [A_CANDIDATE]],
  ] as const;
  for (const [name, candidates] of forms) {
    const reply = await session.patch({ body: fragmentOf(session.ice, candidates) });
    given.seen.must(wasTaken(reply), `${name}: answered ${reply.status}`);
  }
}

async function looseForms(given: Given): Promise<void> {
  const session = await openTrickling(given);
  const { ufrag, pwd } = session.ice;
  const ice = [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`];
  const audio = ['m=audio 9 RTP/AVP 0', 'a=mid:0'];
  const forms = [
    ['credentials at m-line level', lines(...audio, ...ice, A_CANDIDATE)],
    ['a kind that is not the mid’s', lines(...ice, 'm=audio 9 RTP/AVP 0', 'a=mid:1', A_CANDIDATE)],
    ['several m-lines', lines(...ice, ...audio, A_CANDIDATE, 'm=video 9 RTP/AVP 0', 'a=mid:1')],
    ['no m-line', lines(...ice, A_CANDIDATE)],
    ['LF line ends', lines(...ice, ...audio, A_CANDIDATE).replaceAll('\r\n', '\n')],
    [
      'bracketed IPv6',
      fragmentOf(session.ice, [A_CANDIDATE.replace('192.0.2.77', '[2001:db8::7]')]),
    ],
    ['component 0', fragmentOf(session.ice, [A_CANDIDATE.replace(' 1 udp', ' 0 udp')])],
  ] as const;
  for (const [name, body] of forms) {
    const reply = await session.patch({ body });
    given.seen.policy(wasTaken(reply), `${name}: answered ${reply.status}`);
  }
}

async function burst(given: Given): Promise<void> {
  const session = await openTrickling(given);
  const bodies = Array.from({ length: BURST }, (_, at) => {
    const media = ['m=audio 9 RTP/AVP 0', `a=mid:${at % 2}`];
    return fragmentOf(session.ice, [A_CANDIDATE], media);
  });
  const replies = await Promise.all(bodies.map((body) => session.patch({ body, once: true })));
  const refused = replies.find((reply) => !wasTaken(reply));
  given.seen.policy(refused === undefined, `one of ${BURST} was answered ${refused?.status ?? 0}`);
}

/** Taken, or trickle is not supported at all (WHIP-43). */
const wasTaken = (reply: Reply): boolean => isSuccess(reply) || reply.status === 422;

const LOCAL_NAME = '4f1b2f34-6c77-4c0e-9d5b-conformance.local';
