/** What the command line is told by the environment, beside the gateway's settings. */
export interface CommandEnvironment {
  readonly url: string | undefined;
  readonly token: string | undefined;
}

/** `PIXELCAST_URL` and `PIXELCAST_TOKEN`; empty ones are none. */
export const commandEnvironment = (env: NodeJS.ProcessEnv = process.env): CommandEnvironment => ({
  url: env['PIXELCAST_URL'] || undefined,
  token: env['PIXELCAST_TOKEN'] || undefined,
});
