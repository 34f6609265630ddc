import { GatewayError } from '../errors.ts';
import { NO_SPAN, type Span, type SpanOptions } from './span.ts';

/** Runs a step under a span of its own, which ends with it. */
export async function traced<T>(
  parent: Span | undefined,
  name: string,
  run: (span: Span) => Promise<T> | T,
  options: SpanOptions = {},
): Promise<T> {
  const span = parent?.child(name, options) ?? NO_SPAN;
  try {
    return await run(span);
  } catch (error) {
    span.fail(codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** The same for a step that does not wait. */
export function tracedNow<T>(parent: Span | undefined, name: string, run: () => T): T {
  const span = parent?.child(name) ?? NO_SPAN;
  try {
    return run();
  } catch (error) {
    span.fail(codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Of an error its code alone: a message may repeat what a client sent. */
const codeOf = (error: unknown): string =>
  error instanceof GatewayError ? error.code : 'internal';
