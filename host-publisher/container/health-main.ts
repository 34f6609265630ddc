/** The container's health: whether the gateway knows its host, by the gateway's own word. */
import { readFileSync } from 'node:fs';
import { HostView } from '../../gateway/protocol/host.ts';
import { DEFAULT_SOURCE } from '../../gateway/protocol/ids.ts';
import { readContainerSettings } from './settings.ts';

const TIMEOUT_MS = 4_000;

try {
  const { gateway, room, tokenFile } = readContainerSettings();
  const url = new URL(`/api/v1/rooms/${room}/hosts/${DEFAULT_SOURCE}`, gateway);
  const token = readFileSync(tokenFile, 'utf8').trim();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the gateway answers ${response.status}`);
  const { state } = HostView.parse(await response.json()).status;
  process.stdout.write(`${state}\n`);
  process.exitCode = state === 'failed' ? 1 : 0;
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
