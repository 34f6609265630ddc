import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLink } from '../../../gateway/http/link-header.ts';
import { runs } from '../../support/fuzz/runs.ts';

/** The line, or undefined when it is refused; any error but a RangeError fails the test. */
function linkOf(given: Parameters<typeof formatLink>[0]): string | undefined {
  try {
    return formatLink(given);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The narrowest reading there is: one target, then quoted parameters, one blank after each `;`. */
const STRICT = /^<([^\s<>",;\\]+)>((?:; [a-z][a-z-]*="[^\s",;\\]+")+)$/;

const parse = (line: string) => {
  const [, target = '', parameters = ''] = STRICT.exec(line) ?? [];
  return {
    target,
    parameters: [...parameters.matchAll(/; ([a-z-]+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  };
};

const values = fc.stringMatching(/^[A-Za-z0-9+/=:._-]{1,64}$/);
const targets = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('stun', 'turn', 'turns'),
      fc.domain(),
      fc.integer({ min: 1, max: 65_535 }),
    )
    .map(([scheme, host, port]) => `${scheme}:${host}:${port}`),
  fc.stringMatching(/^turn:[a-z0-9.-]{1,40}:[0-9]{1,5}\?transport=(?:udp|tcp)$/),
  fc.stringMatching(/^\/sessions\/[A-Za-z0-9_-]{32}\/events$/),
);
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('"; rel="x', 'a\r\nSet-Cookie: b', 'a, <b>; rel="c"', "';", '\\', 'a;b', ' '),
);

describe('a Link line', () => {
  test('[HOSTILE-10] says what it was given and nothing else', () => {
    fc.assert(
      fc.property(targets, values, values, (target, username, credential) => {
        const parameters = { username, credential, 'credential-type': 'password' };
        expect(parse(formatLink({ target, rel: 'ice-server', parameters }))).toEqual({
          target,
          parameters: [['rel', 'ice-server'], ...Object.entries(parameters)],
        });
      }),
      runs(300),
    );
  });

  test('[HOSTILE-10] is whole or refused: no value breaks out of its quotes', () => {
    const mixed = (good: fc.Arbitrary<string>) => fc.oneof(good, anything);
    fc.assert(
      fc.property(
        mixed(targets),
        mixed(values),
        mixed(values),
        mixed(values),
        (target, rel, name, value) => {
          const line = linkOf({ target, rel, parameters: { username: value, [name]: value } });
          if (line === undefined) return;
          expect(parse(line).target).toBe(target);
          expect(parse(line).parameters.map(([, each]) => each)).toContain(value);
          expect(line.split(', ')).toHaveLength(1);
        },
      ),
      runs(500),
    );
  });
});
