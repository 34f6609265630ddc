import { z } from 'zod';
import { HostCommand } from '../../gateway/protocol/host.ts';

/** A message of the gateway: a command, or what is wrong with it and whose answer waits for that. */
export type ReadCommand =
  { readonly command: HostCommand } | { readonly problem: string; readonly id: string | null };

const Asked = z.object({ id: z.string().min(1).max(64) });

/** Parses one text message; null stands for a binary one. Never throws. */
export function readCommand(text: string | null): ReadCommand {
  if (text === null) return { problem: 'It is not text.', id: null };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'It is not JSON.', id: null };
  }
  const parsed = HostCommand.safeParse(json);
  if (parsed.success) return { command: parsed.data };
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join('.') || 'message';
  return {
    problem: `${path}: ${issue?.message ?? 'invalid'}`.slice(0, 400),
    id: Asked.safeParse(json).data?.id ?? null,
  };
}
