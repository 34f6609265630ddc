import { expect, onTestFinished, test } from 'vitest';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { aCollector } from '../../support/tracing/otlp-collector.ts';

const NOTE_MODULES = new URL('../../support/tracing/note-modules.mjs', import.meta.url).href;

async function loadedBy(settings: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const gateway = await GatewayProcess.start({
    NODE_OPTIONS: `--import=${NOTE_MODULES}`,
    ...settings,
  });
  onTestFinished(async () => {
    await gateway.close();
  });
  return gateway.output.split('\n').filter((line) => line.startsWith('loaded '));
}

test('[TRACE-12] a gateway without traces loads no module of OpenTelemetry', async () => {
  const { url } = await aCollector();
  expect(await loadedBy({})).toEqual([]);
  const off = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true' };
  expect(await loadedBy(off)).toEqual([]);
  expect((await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: url })).length).toBeGreaterThan(10);
});
