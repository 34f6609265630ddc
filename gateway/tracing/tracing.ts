import type { Service } from '../lifecycle.ts';
import type { Logger } from '../observability/logger.ts';
import { NO_SPAN, type Span, type Tracer } from './span.ts';
import type { OtelTracer, TraceProtocol } from './otel-tracer.ts';

/** What is waiting is sent for so long when the gateway stops. */
const FLUSH_MS = 2_000;

/**
 * Traces by OpenTelemetry where the environment asks for them. Its modules are loaded at the start,
 * and only then; until they are there, and without them, nothing is traced.
 */
export class Tracing implements Tracer, Service {
  readonly name = 'tracing';
  readonly #protocol: TraceProtocol | null;
  readonly #log: Logger;
  #tracer: OtelTracer | undefined;

  /** `protocol` null: no traces. */
  constructor(protocol: TraceProtocol | null, log: Logger) {
    this.#protocol = protocol;
    this.#log = log;
  }

  /** Never fails: a gateway without traces is better than none. */
  async start(): Promise<void> {
    if (this.#protocol === null) return;
    try {
      const { OtelTracer } = await import('./otel-tracer.ts');
      this.#tracer = await OtelTracer.load(this.#protocol, this.#log);
    } catch (error) {
      this.#log.error({ err: error }, 'no traces: OpenTelemetry cannot be loaded');
    }
  }

  begin(...what: Parameters<Tracer['begin']>): Span {
    return this.#tracer?.begin(...what) ?? NO_SPAN;
  }

  /** Sends what waits, for two seconds at most. */
  async close(): Promise<void> {
    const tracer = this.#tracer;
    this.#tracer = undefined;
    await tracer?.close(FLUSH_MS);
  }
}
