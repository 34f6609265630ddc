import { onTestFinished } from 'vitest';
import type { Result } from '../../conformance/result.ts';
import { runRules } from '../../conformance/runner.ts';
import { allRules, selectRules } from '../../conformance/rules/all-rules.ts';
import { ServerUnderTest, type ServerOptions } from '../../conformance/server-under-test.ts';
import { ModelServer, type ModelOptions } from './model/model-server.ts';
import { TOKEN } from './model/room.ts';

export const ORIGIN = 'https://conformance.example';

/** Holds a model against all rules, or those that are named; it is closed after the test. */
export async function checkModel(
  model: ModelOptions = {},
  given: Partial<ServerOptions> & { readonly only?: string } = {},
  media?: { onLost: (mediaId: string) => void },
): Promise<readonly Result[]> {
  const running = await ModelServer.start(model);
  const endpointAt = (path: string) => ({ url: running.url + path, token: TOKEN });
  const server = new ServerUnderTest({
    endpoints: { publish: endpointAt('/whip/room'), watch: endpointAt('/whep/room') },
    manners: { paceMs: 0, timeoutMs: 15_000, keepAlive: true },
    media: false,
    origin: ORIGIN,
    patienceMs: 15_000,
    ...given,
  });
  if (media !== undefined) media.onLost = (mediaId) => running.room.lost(mediaId);
  onTestFinished(() => running.close());
  try {
    return await runRules(given.only === undefined ? allRules : selectRules(given.only), server);
  } finally {
    await server.close();
  }
}

/** What fails, as `WHIP-03 MUST`. */
export const failuresOf = (results: readonly Result[]): readonly string[] =>
  results
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id, level }) => `${id} ${level}`)
    .toSorted();
