import type { ClusterStage } from './cluster-stage.ts';

const TIMEOUT_MS = 3_000;

/** How many clients the nodes have by their own word, all together. */
export async function countClients({ nodes }: ClusterStage): Promise<number> {
  const counts = await Promise.all(
    nodes.map(async ({ apiUrl }) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const reply = await fetch(`${apiUrl}/api/v1/clients?start=0&count=10000`, { signal });
      const { clients } = (await reply.json()) as { readonly clients: readonly unknown[] };
      return clients.length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
