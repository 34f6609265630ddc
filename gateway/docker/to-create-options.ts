import type { ContainerCreateOptions } from 'dockerode';
import type { ContainerSpec } from './engine.ts';

/** A container with no more rights than a media server needs. */
export function toCreateOptions(spec: ContainerSpec): ContainerCreateOptions {
  const ports = spec.published.map(({ port, protocol, address }) => ({
    name: `${port}/${protocol}`,
    binding: [{ HostIp: address, HostPort: String(port) }],
  }));
  return {
    name: spec.name,
    Image: spec.image,
    Labels: { ...spec.labels },
    Env: [...spec.environment],
    ...(spec.command === null ? {} : { Cmd: [...spec.command] }),
    ...(spec.user === null ? {} : { User: spec.user }),
    ExposedPorts: Object.fromEntries(ports.map(({ name }) => [name, {}])),
    HostConfig: {
      // Node and SRS as process 1 would not hear of SIGTERM.
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      ReadonlyRootfs: spec.isReadOnly,
      Tmpfs: { '/tmp': '' },
      Binds: [...spec.volumes],
      PortBindings: Object.fromEntries(ports.map(({ name, binding }) => [name, binding])),
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      ...(spec.network === null ? {} : { NetworkMode: spec.network }),
      ...(spec.memoryBytes === null ? {} : { Memory: spec.memoryBytes }),
      ...(spec.cpus === null ? {} : { NanoCpus: Math.round(spec.cpus * 1e9) }),
    },
  };
}
