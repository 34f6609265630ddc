import { aToken } from '../gateway/a-token.ts';
import { sendRaw, type RawReply } from '../gateway/raw-http.ts';
import { aFolder, startGateway, type GatewayUnderTest } from '../gateway/start-gateway.ts';
import type { Recording } from '../../../gateway/recordings/recording.ts';
import { aRecording, keepRecording } from './a-recording.ts';

/** A gateway with recordings that were made before. */
export interface KeptStage {
  readonly gateway: GatewayUnderTest;
  readonly folder: string;
  readonly recordings: readonly Recording[];
  /** Of the first one. */
  readonly base: string;
  readonly part: string;
  /** Sends a request as it stands, for whoever may operate the room unless a token is given. */
  readonly raw: (method: string, target: string, headers?: readonly string[]) => Promise<RawReply>;
  /** As JSON, with more headers; for the same person. */
  readonly request: (
    method: string,
    path: string,
    given?: { readonly body?: unknown; readonly headers?: Record<string, string> },
  ) => Promise<Response>;
}

export async function openKeptStage(
  count = 1,
  media = Buffer.alloc(1000, 'abcdefghij'),
): Promise<KeptStage> {
  const folder = aFolder();
  const recordings = Array.from({ length: count }, () => aRecording());
  for (const each of recordings) await keepRecording(folder, each, media);
  const { gateway } = await startGateway({
    env: { RECORDING: 'on-demand', RECORDINGS_DIR: folder, RECORDINGS_MIN_FREE_GB: '0' },
  });
  const token = aToken({ sub: 'olga', room: 'demo', can: ['operate'] });
  const base = `/api/v1/recordings/${recordings[0]?.id ?? ''}`;
  const raw: KeptStage['raw'] = (method, target, headers = [`Authorization: Bearer ${token}`]) =>
    sendRaw(gateway.url, [
      `${method} ${target} HTTP/1.1`,
      `Host: ${new URL(gateway.url).host}`,
      ...headers,
      'Connection: close',
    ]);
  return {
    ...{ gateway, folder, recordings, base, raw, part: `${base}/parts/part0001.mp4` },
    request: (method, path, { body, headers = {} } = {}) =>
      gateway.request(method, path, {
        ...{ token, headers: { 'content-type': 'application/json', ...headers } },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}
