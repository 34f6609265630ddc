import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../observability/logger.ts';

/** Of a collector that is away it is told so often. */
const REPORT_MS = 60_000;

/** Says in the log when spans cannot be sent, and when they can again. */
export class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #log: Logger;
  #failedAt: number | undefined;
  #lost = 0;

  constructor(exporter: SpanExporter, log: Logger) {
    this.#exporter = exporter;
    this.#log = log;
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.#exporter.export(spans, (result) => {
      if (result.code === ExportResultCode.SUCCESS) this.#recovered();
      else this.#failed(spans.length, result.error);
      done(result);
    });
  }

  async shutdown(): Promise<void> {
    await this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  #failed(spans: number, error: Error | undefined): void {
    this.#lost += spans;
    const now = Date.now();
    if (this.#failedAt !== undefined && now - this.#failedAt < REPORT_MS) return;
    this.#failedAt = now;
    const why = error !== undefined && 'code' in error ? String(error.code) : error?.name;
    this.#log.warn({ why, lost: this.#lost }, 'traces not taken by the collector');
  }

  #recovered(): void {
    if (this.#failedAt === undefined) return;
    this.#log.info({ lost: this.#lost }, 'traces taken by the collector again');
    this.#failedAt = undefined;
    this.#lost = 0;
  }
}
