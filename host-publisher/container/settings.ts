import { z } from 'zod';
import { RoomId } from '../../gateway/protocol/ids.ts';
import { readSettings, type Environment } from '../config/settings.ts';
import { HostError } from '../host-error.ts';

/** What a container publishes, and where. */
export interface ContainerSettings {
  readonly source: 'cube' | 'desktop';
  readonly gateway: string;
  readonly room: string;
  readonly tokenFile: string;
  /** Program on the desktop, by a shell. */
  readonly command: string;
  /** The desktop can grow to this without a restart. */
  readonly largest: { readonly width: number; readonly height: number };
  readonly size: { readonly width: number; readonly height: number; readonly fps: number };
  readonly environment: Environment;
}

const Settings = z.object({
  CS_SOURCE: z.enum(['cube', 'desktop'], 'must be cube or desktop').default('desktop'),
  CS_GATEWAY: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  CS_ROOM: RoomId.default(RoomId.parse('desktop')),
  CS_TOKEN_FILE: z.string().optional(),
  DESKTOP_COMMAND: z.string().default('xterm -maximized'),
  DESKTOP_LARGEST: z
    .string()
    .regex(/^\d{3,4}x\d{3,4}$/, 'must be a size, as 3840x2160')
    .default('3840x2160'),
});

/** @throws HostError `usage`, one sentence per wrong variable */
export function readContainerSettings(environment: Environment = process.env): ContainerSettings {
  const present = Object.entries(environment).filter(([, value]) => Boolean(value));
  const parsed = Settings.safeParse(Object.fromEntries(present));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${String(path[0])}: ${message}.`,
    );
    throw new HostError('usage', problems.join('\n'));
  }
  const { CS_WIDTH, CS_HEIGHT, CS_FPS } = readSettings(environment);
  const { data } = parsed;
  const [width = 0, height = 0] = data.DESKTOP_LARGEST.split('x').map(Number);
  return {
    source: data.CS_SOURCE,
    gateway: data.CS_GATEWAY,
    room: data.CS_ROOM,
    tokenFile: data.CS_TOKEN_FILE ?? `/data/host/${data.CS_ROOM}.token`,
    command: data.DESKTOP_COMMAND,
    largest: { width: Math.max(width, CS_WIDTH), height: Math.max(height, CS_HEIGHT) },
    size: { width: CS_WIDTH, height: CS_HEIGHT, fps: CS_FPS },
    environment,
  };
}
