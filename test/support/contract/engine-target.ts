import { EngineProcess } from './engine-process.ts';
import { HookReceiver } from './hook-receiver.ts';
import type { SrsTarget, SrsTraits } from './srs-target.ts';

const INACTIVITY_MS = 5_000;
const SWEEP_MS = 500;

const TRAITS: Readonly<Record<6 | 7, SrsTraits>> = {
  6: {
    kind: 'engine',
    failures: 'close',
    minimumCount: 10,
    tellsTotals: false,
    missingTrack: 'answered',
    refusedPublishHoldsName: true,
  },
  7: {
    kind: 'engine',
    failures: 'status',
    minimumCount: 1,
    tellsTotals: true,
    missingTrack: 'answered',
    refusedPublishHoldsName: false,
  },
};

/** The embedded engine showing one line of SRS, with shorter times than SRS's 30 and 5 s. */
export async function openEngine(compat: 6 | 7): Promise<SrsTarget> {
  const hooks = new HookReceiver();
  await hooks.open();
  const engine = await EngineProcess.start({
    ENGINE_COMPAT: String(compat),
    ENGINE_HOOKS_URL: hooks.url,
    ENGINE_API_USER: 'admin',
    ENGINE_API_PASSWORD: 's3cret',
    ENGINE_INACTIVITY_MS: String(INACTIVITY_MS),
    ENGINE_SWEEP_MS: String(SWEEP_MS),
  });
  return {
    origin: engine.current.apiUrl,
    login: 'admin:s3cret',
    hooks,
    traits: TRAITS[compat],
    inactivityMs: INACTIVITY_MS,
    sweepMs: SWEEP_MS,
    restart: async () => {
      const starts = engine.starts;
      process.kill(engine.current.pid, 'SIGKILL');
      await engine.ready(starts + 1);
    },
    close: async () => {
      await engine.stop();
      await hooks.close();
    },
  };
}
