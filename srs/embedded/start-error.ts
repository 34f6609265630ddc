interface PortSetting {
  readonly setting: 'MEDIA_PORT' | 'ENGINE_API_PORT';
  readonly protocol: 'UDP' | 'TCP';
  readonly port: number;
}

/** The engine cannot start as it is set; the message is for a person and says what to change. */
export class StartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartError';
  }

  static from(error: unknown, { setting, protocol, port }: PortSetting): StartError {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const where = `${protocol} port ${port}`;
    const host = setting === 'MEDIA_PORT' ? 'MEDIA_BIND' : 'ENGINE_API_HOST';
    switch (code) {
      case 'EADDRINUSE':
        return new StartError(
          `${where} is in use by another program. Stop that program, or set ${setting} to another port (0: any free one).`,
        );
      case 'EACCES':
        return new StartError(
          `${where} may not be used by this user. Set ${setting} to a port above 1023.`,
        );
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
      case 'EINVAL':
        return new StartError(`${where}: ${host} is not an address of this machine.`);
      default:
        return new StartError(`${where} cannot be opened (${code}). See ${setting} and ${host}.`);
    }
  }
}
