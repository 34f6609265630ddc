import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterStage } from './cluster-stage.ts';
import type { Role } from './role.ts';

/** Whom a blow strikes, and how. */
export interface BlowKind {
  readonly whom: 'node' | 'gateway' | 'redis';
  readonly how: 'kill' | 'stop' | 'leave';
}

/** A blow that was struck. */
export interface Blow extends BlowKind {
  readonly role: Role;
  readonly atMs: number;
  /** For how long the role was away. */
  readonly awayMs: number;
}

/** As reports call them. */
export const HOW = { kill: 'kill -9', stop: 'SIGSTOP', leave: 'SIGTERM' } as const;

const KINDS: readonly BlowKind[] = [
  { whom: 'node', how: 'kill' },
  { whom: 'node', how: 'stop' },
  { whom: 'gateway', how: 'kill' },
  { whom: 'gateway', how: 'stop' },
  // As in a rolling restart.
  { whom: 'gateway', how: 'leave' },
  { whom: 'redis', how: 'kill' },
  { whom: 'redis', how: 'stop' },
];
const AWAY_MS = { kill: [500, 4_000], stop: [3_000, 8_000], leave: [500, 1_500] } as const;

/** All kinds that this stage has somebody for, in turn; of one without Redis its gateway is left alone. */
export function kindsFor(stage: ClusterStage, only: string): readonly BlowKind[] {
  const all = stage.redis === null ? ['node'] : ['node', 'gateway', 'redis'];
  const whom = only === '' ? all : only.split(',');
  return KINDS.filter((kind) => whom.includes(kind.whom) && rolesOf(stage, kind.whom).length > 0);
}

/** Strikes one of them; resolves when it runs again. */
export async function strike(
  stage: ClusterStage,
  kind: BlowKind,
  random: () => number,
): Promise<Blow> {
  const roles = rolesOf(stage, kind.whom);
  const role = roles[Math.floor(random() * roles.length)];
  if (role === undefined) throw new Error(`there is no ${kind.whom}`);
  const [least, most] = AWAY_MS[kind.how];
  const awayMs = least + (most - least) * random();
  const atMs = Date.now();
  if (kind.how === 'kill') await role.kill();
  else if (kind.how === 'leave') await role.leave();
  else role.stop();
  await delay(awayMs);
  if (kind.how === 'stop') role.resume();
  else role.start();
  return { ...kind, role, atMs, awayMs };
}

function rolesOf(stage: ClusterStage, whom: BlowKind['whom']): readonly Role[] {
  if (whom === 'node') return stage.nodes;
  if (whom === 'gateway') return stage.gateways;
  return stage.redis === null ? [] : [stage.redis];
}
