import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { provenUdpPort } from '../../native/udp-port.ts';
import type { EngineConfig } from './config.ts';
import { Dvr } from './dvr/dvr.ts';
import { edgeOf } from './edge.ts';
import { Hooks } from './hooks.ts';
import { JsonApi } from './http-api/json-api.ts';
import { Machine } from './http-api/machine.ts';
import { createApiServer } from './http-api/server.ts';
import type { Identity } from './identity.ts';
import type { Log } from './log.ts';
import type { Media, MediaOptions } from './media.ts';
import { randomText } from './random-text.ts';
import { Roster } from './roster.ts';
import { Sessions } from './sessions.ts';
import { StartError } from './start-error.ts';

/** SRS brings its counters up to date this often. */
const SAMPLE_MS = 5_000;

export interface Engine {
  readonly apiPort: number;
  readonly mediaPort: number;
  readonly serviceId: string;
  /** Ends all sessions and stops listening; nothing is told to hooks. */
  close(): void;
}

export interface EngineParts {
  readonly config: EngineConfig;
  readonly log: Log;
  readonly createMedia: (options: MediaOptions) => Promise<Media>;
}

/**
 * Wires the engine and starts it: media first, HTTP when media can be served.
 * @throws StartError when a port cannot be had.
 */
export async function createEngine({ config, log, createMedia }: EngineParts): Promise<Engine> {
  const edge = edgeOf(config.compat);
  const identity: Identity = {
    serverId: config.serverId,
    serviceId: randomText(8),
    pid: process.pid,
  };
  const mediaPort = await provenUdpPort(config.mediaPort, config.mediaBind).catch(
    (error: unknown) => {
      throw StartError.from(error, {
        setting: 'MEDIA_PORT',
        protocol: 'UDP',
        port: config.mediaPort,
      });
    },
  );

  // The media side speaks only once a session is open, and sessions open after this line.
  const heard: { sessions: Sessions | null } = { sessions: null };
  const media = await createMedia({
    port: mediaPort,
    ...(config.mediaBind === null ? {} : { bindAddress: config.mediaBind }),
    candidates: config.mediaCandidates,
    inactivityMs: config.inactivityMs,
    sweepMs: config.sweepMs,
    log: (level, message) => log[level](message),
    events: {
      connected: (id) => heard.sessions?.handleConnected(id),
      ended: (id, reason) => heard.sessions?.handleEnded(id, reason),
    },
  });

  const roster = new Roster((mediaId) => media.stats(mediaId));
  const hooks = new Hooks({ url: config.hooksUrl, edge, identity, log });
  const dvr = config.dvr && new Dvr({ ...config.dvr, media, hooks, log });
  const sessions = new Sessions({ media, hooks, roster, edge, log, dvr });
  heard.sessions = sessions;
  const machine = new Machine();
  const jsonApi = new JsonApi({
    edge,
    identity,
    roster,
    machine,
    traffic: media.traffic,
    codecsOf: (key) => media.codecs(key),
    layersOf: (key) => media.layers(key),
    layerOf: (mediaId) => media.layer(mediaId),
    chooseLayer: (mediaId, choice) => media.chooseLayer(mediaId, choice),
    kick: (clientId) => sessions.kick(clientId),
    dvr,
  });
  const server = createApiServer({ edge, login: config.apiLogin, sessions, jsonApi, log });
  server.listen(config.apiPort, config.apiHost);
  try {
    await once(server, 'listening');
  } catch (error) {
    machine.close();
    dvr?.close();
    media.shutdown();
    throw StartError.from(error, {
      setting: 'ENGINE_API_PORT',
      protocol: 'TCP',
      port: config.apiPort,
    });
  }

  const sampling = setInterval(() => {
    machine.sample();
    roster.sample(Date.now());
  }, SAMPLE_MS);
  return {
    apiPort: (server.address() as AddressInfo).port,
    mediaPort,
    serviceId: identity.serviceId,
    close: () => {
      clearInterval(sampling);
      machine.close();
      dvr?.close();
      server.close();
      server.closeAllConnections();
      media.shutdown();
    },
  };
}
