import { describe, expect, it } from 'vitest';
import { ProblemCode } from '../../../gateway/protocol/problem.ts';
import {
  explainProblem,
  localProblem,
  parseRetryAfterMs,
  readProblem,
} from '../../../web/core/problem.ts';
import { refused } from './fake-browser.ts';

describe('readProblem', () => {
  it('reads the code, the detail and Retry-After of a problem body', async () => {
    expect(await readProblem(refused(409, 'no-publisher', '3'), 'watch')).toEqual({
      code: 'no-publisher',
      status: 409,
      detail: 'detail of no-publisher',
      retryAfterMs: 3000,
    });
  });

  it('names a proxy page by its status', async () => {
    const html = (status: number) =>
      new Response('<h1>Oops</h1>', { status, headers: { 'Content-Type': 'text/html' } });
    expect((await readProblem(html(502), 'watch')).code).toBe('upstream-rejected');
    expect((await readProblem(html(504), 'watch')).code).toBe('node-unavailable');
    expect((await readProblem(html(409), 'publish')).code).toBe('source-busy');
    expect((await readProblem(html(409), 'watch')).code).toBe('no-publisher');
  });

  it('survives a body that lies about being JSON, and codes it has never heard of', async () => {
    const broken = new Response('{', {
      status: 500,
      headers: { 'Content-Type': 'application/json' },
    });
    expect((await readProblem(broken, 'watch')).code).toBe('internal');
    expect((await readProblem(refused(401, 'toString'), 'watch')).code).toBe('token-invalid');
  });
});

describe('parseRetryAfterMs', () => {
  it('reads seconds and dates, and nothing else', () => {
    const nowMs = Date.parse('2026-01-01T00:00:00Z');
    expect(parseRetryAfterMs('5', nowMs)).toBe(5000);
    expect(parseRetryAfterMs('Thu, 01 Jan 2026 00:00:07 GMT', nowMs)).toBe(7000);
    expect(parseRetryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', nowMs)).toBe(0);
    expect(parseRetryAfterMs('soon', nowMs)).toBeNull();
    expect(parseRetryAfterMs(null, nowMs)).toBeNull();
  });
});

describe('explainProblem', () => {
  it('has words for every code of the gateway, on both sides', () => {
    for (const code of ProblemCode.options) {
      expect(explainProblem(localProblem(code), 'watch').length).toBeGreaterThan(10);
      expect(explainProblem(localProblem(code), 'publish').length).toBeGreaterThan(10);
    }
  });
});
