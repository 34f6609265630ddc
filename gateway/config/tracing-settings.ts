import { z } from 'zod';
import { secret } from './fields.ts';

/** Names and values are OpenTelemetry's own, and its SDK reads them too; part of `Settings`. */
export const TracingSettings = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Collector that gets traces, e.g. `http://collector:4318`. Empty: nothing is traced. Other `OTEL_` variables of the SDK count too.',
    ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('The same for a collector whose path is not `/v1/traces` behind that address.'),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(['http/protobuf', 'http/json'])
    .default('http/protobuf')
    .describe('How traces are sent there: `http/protobuf` or `http/json`.'),
  OTEL_EXPORTER_OTLP_HEADERS: secret(1)
    .optional()
    .describe('Header fields for the collector, e.g. `api-key=…`; comma-separated.'),
  OTEL_SERVICE_NAME: z
    .string()
    .min(1)
    .default('pixelcast')
    .describe('Name of this gateway in traces.'),
  OTEL_TRACES_SAMPLER: z
    .enum([
      ...['always_on', 'always_off', 'traceidratio'],
      ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
    ] as const)
    .default('parentbased_always_on')
    .describe('Which traces are kept, by OpenTelemetry’s names.'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(?:0(?:\.\d{1,9})?|1(?:\.0+)?)$/, 'must be from 0 to 1')
    .optional()
    .describe('Share of traces that the `…ratio` samplers keep, 0 to 1.'),
  OTEL_SDK_DISABLED: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true` traces nothing, whatever else is set.'),
});
type TracingSettings = z.infer<typeof TracingSettings>;

/** How traces are sent; null: there are none. */
export function traceProtocol(
  settings: Pick<
    TracingSettings,
    | 'OTEL_EXPORTER_OTLP_ENDPOINT'
    | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
    | 'OTEL_EXPORTER_OTLP_PROTOCOL'
    | 'OTEL_SDK_DISABLED'
  >,
): TracingSettings['OTEL_EXPORTER_OTLP_PROTOCOL'] | null {
  const endpoint =
    settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  return endpoint !== undefined && settings.OTEL_SDK_DISABLED === 'false'
    ? settings.OTEL_EXPORTER_OTLP_PROTOCOL
    : null;
}
