import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  defaultTextMapGetter,
  defaultTextMapSetter,
  trace,
  type Attributes,
  type Context,
  type Span as OtelSpan,
  type Tracer as LibraryTracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../observability/logger.ts';
import { VERSION } from '../version.ts';
import { ReportingExporter } from './reporting-exporter.ts';
import type { Span, SpanAttributes, SpanOptions, Tracer } from './span.ts';

/** How spans are sent: OTLP over HTTP. */
export type TraceProtocol = 'http/protobuf' | 'http/json';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
} as const;

const PROPAGATOR = new W3CTraceContextPropagator();

/**
 * Spans to an OTLP collector. Sampler, limits, headers and the queue, which is bounded and drops what
 * is too much, are the SDK's own and follow its environment variables.
 */
export class OtelTracer implements Tracer {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: LibraryTracer;

  private constructor(provider: BasicTracerProvider) {
    this.#provider = provider;
    this.#tracer = provider.getTracer('pixelcast', VERSION);
  }

  static async load(protocol: TraceProtocol, log: Logger): Promise<OtelTracer> {
    const { OTLPTraceExporter } =
      protocol === 'http/json'
        ? await import('@opentelemetry/exporter-trace-otlp-http')
        : await import('@opentelemetry/exporter-trace-otlp-proto');
    const exporter = new ReportingExporter(new OTLPTraceExporter(), log);
    const named = resourceFromAttributes({
      'service.name': 'pixelcast',
      'service.version': VERSION,
    });
    const given = detectResources({ detectors: [envDetector] });
    const provider = new BasicTracerProvider({
      resource: defaultResource().merge(named).merge(given),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    return new OtelTracer(provider);
  }

  begin(name: string, { headers, ...options }: Parameters<Tracer['begin']>[1] = {}): Span {
    const parent =
      headers === undefined
        ? ROOT_CONTEXT
        : PROPAGATOR.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    return new LiveSpan(this.#tracer, parent, name, options);
  }

  /** Sends what waits, for so many milliseconds at most; never rejects. */
  async close(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), ms);
    await Promise.race([this.#provider.shutdown().catch(() => undefined), promise]);
    clearTimeout(timer);
  }
}

class LiveSpan implements Span {
  readonly #tracer: LibraryTracer;
  readonly #span: OtelSpan;
  readonly #context: Context;

  constructor(tracer: LibraryTracer, parent: Context, name: string, options: SpanOptions) {
    const { kind = 'internal', attributes = {}, startedAt } = options;
    this.#tracer = tracer;
    const started = startedAt === undefined ? {} : { startTime: startedAt };
    const given = { kind: KINDS[kind], attributes: attributes as Attributes, ...started };
    this.#span = tracer.startSpan(name, given, parent);
    this.#context = trace.setSpan(parent, this.#span);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    PROPAGATOR.inject(this.#context, headers, defaultTextMapSetter);
    return headers;
  }

  child(name: string, options: SpanOptions = {}): Span {
    return new LiveSpan(this.#tracer, this.#context, name, options);
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(why: string): void {
    this.#span.setAttribute('error.type', why);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    if (this.#span.isRecording()) this.#span.end();
  }
}
