import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import { requireMatch } from '../../../gateway/http/preconditions.ts';
import { statusOf } from '../../../gateway/http/problem.ts';
import { ProblemCode } from '../../../gateway/protocol/problem.ts';

test('every code has a status of an error, none is 406 (D8)', () => {
  for (const code of ProblemCode.options) {
    expect(statusOf(code), code).toBeGreaterThanOrEqual(400);
    expect(statusOf(code), code).toBeLessThan(600);
    expect(statusOf(code), code).not.toBe(406);
  }
});

test.each([
  ['sdp-malformed', 400],
  ['token-missing', 401],
  ['scope-insufficient', 403],
  ['session-not-found', 404],
  ['source-busy', 409],
  ['no-publisher', 409],
  ['precondition-failed', 412],
  ['media-type-unsupported', 415],
  ['ice-restart-unsupported', 422],
  ['precondition-required', 428],
  ['rate-limited', 429],
  ['upstream-rejected', 502],
  ['node-unavailable', 503],
  ['shutting-down', 503],
] as const)('%s is %i', (code, status) => {
  expect(statusOf(code)).toBe(status);
});

describe('If-Match', () => {
  const ETAG = '"e1"';
  const codeOf = (ifMatch: string | undefined): string => {
    try {
      requireMatch(ifMatch, ETAG);
      return 'fits';
    } catch (error) {
      return error instanceof GatewayError ? error.code : String(error);
    }
  };

  test('[WHIP-47] must be there', () => {
    expect(codeOf(undefined)).toBe('precondition-required');
  });

  test.each(['"e1"', ' "e1" ', '"x", "e1"', '"x","e1","y"', '*', '"*"'])(
    '[WHIP-48] %s fits',
    (tag) => {
      expect(codeOf(tag)).toBe('fits');
    },
  );

  test.each(['', '"other"', 'W/"e1"', 'e1', "'e1'", '"E1"', '"e1', '"x" "e1"', '**'])(
    '[WHIP-48] [WHIP-49] %s does not',
    (tag) => {
      expect(codeOf(tag)).toBe('precondition-failed');
    },
  );

  test.each([
    ['a hundred tags', `${'"x", '.repeat(100)}"e1"`],
    ['1 MiB', `${' '.repeat(1 << 20)}"x"`],
    ['1 MiB of an open quote', `"${'a'.repeat(1 << 20)}`],
    ['1 MiB of commas', ','.repeat(1 << 20)],
  ])('[HOSTILE-31] of %s is refused in linear time', (_, tag) => {
    const started = performance.now();
    expect(codeOf(tag)).toBe('precondition-failed');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
