import type { Api } from '../../gateway/protocol/api/client.ts';
import { listIceSources } from '../../gateway/protocol/api/ice.ts';
import { getMachine } from '../../gateway/protocol/api/machine.ts';
import type { MachineView } from '../../gateway/protocol/api/machine.ts';
import { listNodes } from '../../gateway/protocol/api/nodes.ts';
import { listWebhooks } from '../../gateway/protocol/api/webhooks.ts';
import type { Console } from './console.ts';
import type { Standing } from './troubles.ts';

/** All that troubles are found in, as far as it is told to whoever asks. */
export async function readStanding({
  api,
  explain,
}: Pick<Console, 'api' | 'explain'>): Promise<Standing> {
  /** What only an administrator of the whole gateway may see. */
  const ifAllowed = async <T>(asked: Promise<T>): Promise<T | null> => {
    try {
      return await asked;
    } catch (cause) {
      if (explain(cause).code === 'scope-insufficient') return null;
      throw cause;
    }
  };
  const [nodes, iceSources, webhooks, told] = await Promise.all([
    ifAllowed(api.call(listNodes)),
    ifAllowed(api.call(listIceSources)),
    ifAllowed(api.call(listWebhooks)),
    ifAllowed(readMachine(api)),
  ]);
  return {
    nodes: nodes?.items ?? null,
    iceSources: iceSources?.items ?? null,
    webhooks: webhooks?.items ?? null,
    machine: told?.machine ?? null,
    clockApartMs: told?.clockApartMs ?? 0,
  };
}

/** The way there and back counts for neither clock. */
async function readMachine(
  api: Api,
): Promise<{ readonly machine: MachineView; readonly clockApartMs: number }> {
  const before = Date.now();
  const machine = await api.call(getMachine);
  const { now } = machine;
  return { machine, clockApartMs: Math.max(0, before - now, now - Date.now()) };
}
