/** What is told of a span: short values that are no secret. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** `server` answers a caller, `client` calls another system. */
export type SpanKind = 'server' | 'client' | 'internal';

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
  /** Epoch milliseconds; now when absent. */
  readonly startedAt?: number | undefined;
}

/** One step of what is traced. Never throws, and costs its caller no waiting. */
export interface Span {
  /** 32 hexadecimal digits; undefined where nothing is traced. */
  readonly traceId: string | undefined;
  /** Header fields by which a called system takes part (W3C Trace Context). */
  readonly headers: Readonly<Record<string, string>>;
  child(name: string, options?: SpanOptions): Span;
  set(attributes: SpanAttributes): void;
  /** It went wrong; `why` is a code, never a text that a client wrote. */
  fail(why: string): void;
  /** Later calls do nothing. */
  end(): void;
}

/** Begins what has no span above it here. */
export interface Tracer {
  /** `headers`: those of a caller that is trusted, whose trace goes on. */
  begin(
    name: string,
    options?: SpanOptions & { readonly headers?: Readonly<Record<string, unknown>> | undefined },
  ): Span;
}

/** What stands where nothing is traced. */
export const NO_SPAN: Span = {
  traceId: undefined,
  headers: {},
  child: () => NO_SPAN,
  set: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};
