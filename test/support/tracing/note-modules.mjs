import { registerHooks } from 'node:module';

/** Prints each module of OpenTelemetry that a process loads; its empty API is loaded by prom-client. */
registerHooks({
  load(url, context, nextLoad) {
    if (/@opentelemetry\/(?!api\/)/.test(url)) process.stderr.write(`loaded ${url}\n`);
    return nextLoad(url, context);
  },
});
