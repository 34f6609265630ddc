import { aFolder, startGateway, type GatewayUnderTest } from '../gateway/start-gateway.ts';
import { anAdminToken } from '../gateway/a-token.ts';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { waitFor } from '../wait-for.ts';

/** A gateway on the embedded engine that records, and where it does. */
export interface RecordingStage {
  readonly gateway: GatewayUnderTest;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** A recording when a condition holds of it. */
  wait(id: string, what: string, is: (view: RecordingView) => boolean): Promise<RecordingView>;
}

export async function openRecordingGateway(
  more: Readonly<Record<string, string>> = {},
  expectedErrors?: RegExp,
): Promise<RecordingStage> {
  const folder = more['RECORDINGS_DIR'] ?? aFolder();
  const env = {
    ...{ RECORDING: 'on-demand', RECORDINGS_DIR: folder, DATA_DIR: aFolder() },
    ...{ MEDIA_PORT: '0', MEDIA_CANDIDATE: '127.0.0.1', RECORDINGS_MIN_FREE_GB: '0' },
    ...more,
  };
  const { gateway } = await startGateway({
    ...{ srs: null, env },
    ...(expectedErrors === undefined ? {} : { expectedErrors }),
  });
  await waitFor(async () => (await gateway.request('GET', '/readyz')).ok, {
    timeoutMs: 30_000,
    what: 'the embedded engine',
  });
  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    gateway.request(method, `/api/v1${path}`, {
      token: anAdminToken(),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  return {
    gateway,
    folder,
    env,
    call,
    wait: (id, what, is) =>
      waitFor(
        async () => {
          const reply = await call('GET', `/recordings/${id}`);
          const view = (await reply.json()) as RecordingView;
          return reply.ok && is(view) ? view : null;
        },
        { timeoutMs: 60_000, what },
      ),
  };
}
