import { SrsError } from './srs-error.ts';

/**
 * SRS's judgement of a hook's answer: allowed only by 200 or 201 with the body `0`, not one byte
 * more, or a JSON object whose `code` is the integer 0. Null means allowed.
 */
export function refusalIn(status: number, body: string): SrsError | null {
  if (status !== 200 && status !== 201) return new SrsError(4005, `hook answered ${status}`);
  if (body === '0') return null;
  const answer = parseJson(body);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    return new SrsError(3008, 'hook answered neither 0 nor a JSON object');
  }
  const code = 'code' in answer ? answer.code : undefined;
  if (code === 0) return null;
  return new SrsError(
    3064,
    `hook answered code ${code === undefined ? 'none' : JSON.stringify(code)}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
