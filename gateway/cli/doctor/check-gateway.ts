import { ApiProblem } from '../../protocol/api/api-problem.ts';
import { getTime } from '../../protocol/api/diagnosis.ts';
import { getReadiness } from '../../protocol/api/health.ts';
import { probeIceSources } from '../../protocol/api/ice.ts';
import { probeNodes, type NodeView } from '../../protocol/api/nodes.ts';
import type { Target } from '../command.ts';
import { failed, ok, skipped, warning, type Check } from './check.ts';

/** Two clocks may differ so much before tokens are refused. */
const CLOCK_MS = 5_000;

/** What a gateway says when it is asked: that it answers, its clock, its media servers, its ICE servers. */
export async function checkGateway(target: Target): Promise<readonly Check[]> {
  const reached = await attempt('gateway', () => checkClock(target));
  if (reached.some(({ state }) => state === 'failed')) {
    return [...reached, skipped('media servers', 'The gateway must answer first.')];
  }
  return [
    ...reached,
    ...(await attempt('readiness', () => checkReadiness(target))),
    ...(await attempt('media servers', () => checkNodes(target))),
    ...(await attempt('ICE servers', () => checkIce(target))),
  ];
}

async function checkClock({ api, url }: Target): Promise<readonly Check[]> {
  const before = Date.now();
  const { now } = await api.call(getTime);
  const after = Date.now();
  const answers = ok('gateway', `${url} answers after ${after - before} ms.`);
  const apart = now < before ? before - now : Math.max(0, now - after);
  const clock =
    apart > CLOCK_MS
      ? warning(
          'clock',
          `differs from the gateway’s by ${Math.round(apart / 1000)} s: let both keep time by NTP.`,
        )
      : ok('clock', 'agrees with the gateway’s.');
  return [answers, clock];
}

async function checkReadiness({ api }: Target): Promise<readonly Check[]> {
  try {
    await api.call(getReadiness);
    return [ok('readiness', 'It can serve.')];
  } catch (error) {
    const isUnready = error instanceof ApiProblem && error.status === 503;
    if (!isUnready) throw error;
    return [failed('readiness', 'It cannot serve; what it waits for stands below.')];
  }
}

async function checkNodes({ api }: Target): Promise<readonly Check[]> {
  const { items } = await api.call(probeNodes);
  if (items.length === 0) return [failed('media servers', 'There is none yet.')];
  return items.flatMap((node) => [...checkNode(node)]);
}

/** A trial of the gateway's own is answered only when its hook was. */
function* checkNode({ node, healthy, version, detail, addresses }: NodeView): Iterable<Check> {
  const name = `media server ${node}`;
  if (!healthy) {
    yield failed(name, `${detail} Is it running, and does SRS_NODES name it?`);
    return;
  }
  yield ok(name, `answers, version ${version ?? 'unknown'}.`);
  const { announced, remarks, probes } = addresses;
  yield announced.length > 0
    ? ok(`hooks of ${node}`, 'reach the gateway: a trial was let in.')
    : failed(
        `hooks of ${node}`,
        'No trial was let in: http_hooks of SRS must name this gateway and its secret, and HOOK_ALLOWED_ADDRESSES must hold where SRS calls from.',
      );
  for (const { sentence } of remarks) yield warning(`media address of ${node}`, sentence);
  for (const { address, reachable, error } of probes) {
    yield reachable
      ? ok(`media address ${address}`, 'answers an ICE check from the gateway.')
      : warning(
          `media address ${address}`,
          `${error ?? 'No answer.'} Clients may reach it all the same.`,
        );
  }
}

async function checkIce({ api }: Target): Promise<readonly Check[]> {
  const { items } = await api.call(probeIceSources);
  if (items.length === 0) {
    return [warning('ICE servers', 'None: who is behind a strict firewall sees no picture.')];
  }
  return items.flatMap(({ source, lastError, failures, probes }) => [
    ...(failures > 0 ? [failed(`ICE source ${source}`, lastError ?? 'It fails.')] : []),
    ...probes.map(({ url, reachable, error }) =>
      reachable ? ok(url, 'answers.') : failed(url, error ?? 'It does not answer.'),
    ),
  ]);
}

/** A check that cannot be made is one that failed. */
async function attempt(
  name: string,
  check: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof ApiProblem && error.code === 'scope-insufficient') {
      return [skipped(name, 'The token is not one of an administrator of the gateway.')];
    }
    return [failed(name, why)];
  }
}
