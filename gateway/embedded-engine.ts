import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from './config/engine-environment.ts';
import type { Config } from './config/load.ts';
import { nodesComeLater } from './config/node-settings.ts';
import { createHookApp } from './http/app.ts';
import type { HookDeps } from './http/hooks.ts';
import type { Records } from './http/problem.ts';
import { HttpServer } from './http/server.ts';
import type { Service } from './lifecycle.ts';
import { Networks } from './limits/networks.ts';
import { reachableHost } from './local-url.ts';
import { LocalNode } from './media/local-node.ts';
import type { Roster } from './nodes/roster.ts';

const ENGINE_SCRIPT = fileURLToPath(new URL('../srs/embedded/main.ts', import.meta.url));

/** The embedded engine as a service, when no node is configured and none will make itself known. */
export function embeddedEngine(
  config: Config,
  port: () => number,
  parts: Records & {
    readonly roster: Roster;
    readonly watch: { check(): Promise<void> };
    readonly hooks: HookDeps;
  },
): Service[] {
  if (config.nodes.length > 0 || nodesComeLater(config)) return [];
  const { roster, watch, log, audit } = parts;
  let isKnown = false;
  // With TLS on, hooks come in by a plain loopback port of their own: the certificate is for others.
  const hooks =
    config.tls === undefined
      ? undefined
      : hookServer(config, createHookApp({ ...parts.hooks, log, audit }));
  let local: LocalNode | undefined;
  return [
    {
      name: 'embedded engine',
      start: async () => {
        const hookPort = (await hooks?.listen()) ?? port();
        const host = hooks === undefined ? reachableHost(config.HOST) : '127.0.0.1';
        const secret = encodeURIComponent(config.HOOK_SECRET.reveal());
        const hooksUrl = `http://${host}:${hookPort}/api/srs?secret=${secret}`;
        local = new LocalNode({
          script: ENGINE_SCRIPT,
          environment: engineEnvironment(config, hooksUrl),
          log,
          onReady: (apiUrl) => {
            if (!isKnown) {
              isKnown = true;
              const { nodePassword: password } = config;
              const settings = { apiUrl, signallingUrl: apiUrl, user: 'gateway', password };
              roster.add('engine', settings);
            }
            void watch.check();
          },
        });
        await local.start();
      },
      close: async () => {
        await local?.close();
        await hooks?.close();
      },
    },
  ];
}

const hookServer = (config: Config, app: RequestListener): HttpServer =>
  new HttpServer(
    {
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      maxConnections: config.MAX_CONNECTIONS,
      maxConnectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
      trustedProxies: new Networks([]),
    },
    app,
  );
