import type { z } from 'zod';
import type { InspectAnswer, ListAnswer } from './engine-answers.ts';
import type { Container, ContainerDetails } from './engine.ts';

/** A list of Docker in our words. */
export const readList = (answer: z.output<typeof ListAnswer>): Container[] =>
  answer.map((each) => ({
    id: each.Id,
    name: each.Names?.[0] ?? each.Id.slice(0, 12),
    image: each.Image,
    state: each.State,
    status: each.Status,
    createdAt: each.Created * 1000,
    labels: each.Labels,
    isOnHostNetwork: each.HostConfig.NetworkMode === 'host',
    addresses: Object.fromEntries(
      Object.entries(each.NetworkSettings)
        .map(([network, { IPAddress, GlobalIPv6Address }]) => [
          network,
          IPAddress === '' ? GlobalIPv6Address : IPAddress,
        ])
        .filter(([, address]) => address !== ''),
    ) as Record<string, string>,
    ports: (each.Ports ?? []).flatMap(({ PrivatePort: inside, PublicPort: outside, Type }) =>
      outside == null ? [] : [{ inside, outside, protocol: Type }],
    ),
  }));

/** What Docker tells of one container, in our words. */
export function readDetails(answer: z.output<typeof InspectAnswer>): ContainerDetails {
  const { State: state, HostConfig: host, Config: config } = answer;
  return {
    id: answer.Id,
    name: answer.Name,
    image: config.Image,
    imageId: answer.Image,
    state: state.Status,
    labels: config.Labels,
    command: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
    environment: config.Env ?? [],
    user: config.User,
    startedAt: state.StartedAt,
    finishedAt: state.FinishedAt,
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled,
    restarts: answer.RestartCount,
    health: state.Health?.Status ?? null,
    restartPolicy: host.RestartPolicy?.Name ?? '',
    memoryLimit: host.Memory || null,
    cpuLimit: host.NanoCpus / 1e9 || null,
    isReadOnly: host.ReadonlyRootfs,
    isPrivileged: host.Privileged,
    mounts: (answer.Mounts ?? []).map(({ Destination: place, RW: writable }) => ({
      place,
      writable,
    })),
    hasTerminal: config.Tty,
  };
}
