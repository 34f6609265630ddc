/** Where a Docker engine is asked. */
export type EnginePlace =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly tls: EngineTls | null };

/** PEM: the authority of the engine, and who we are. */
export interface EngineTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** All that dockerode would else take from the environment. */
export function connection(place: EnginePlace): Record<string, unknown> {
  const nothing = { pathPrefix: '/', ca: undefined, cert: undefined, key: undefined };
  if ('socketPath' in place) {
    return { ...nothing, protocol: 'http', host: undefined, port: undefined, ...place };
  }
  const { host, port, tls } = place;
  return { ...nothing, protocol: tls === null ? 'http' : 'https', host, port, ...tls };
}
