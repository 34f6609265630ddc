import nodeDataChannel from 'node-datachannel';
import type { IceUdpMuxListener } from 'node-datachannel';

import type { Log } from './guard.ts';
import { guard } from './guard.ts';

/** The library, started, with the one UDP port that all sessions share. */
export interface Native {
  readonly port: number;
  readonly bindAddress: string | undefined;
  readonly log: Log;
  /** Garbage collection would close it. */
  readonly listener: IceUdpMuxListener;
}

/** Starts the library. @throws Error with a clear text when the UDP port is busy. */
export const startNative = (options: {
  readonly port: number;
  readonly bindAddress?: string | undefined;
  readonly log: Log;
}): Native => {
  const { port, bindAddress, log } = options;
  // Without a callback the addon throws "Function expected".
  nodeDataChannel.initLogger(
    'Warning',
    guard(log, 'library log', (level: string, message: string) =>
      log('debug', `libdatachannel ${level}: ${message}`),
    ),
  );
  nodeDataChannel.preload();
  return { port, bindAddress, log, listener: listen(port, bindAddress) };
};

/** First of all: a busy port found later aborts the process ("Failed to gather"). */
const listen = (port: number, bindAddress: string | undefined): IceUdpMuxListener => {
  try {
    return new nodeDataChannel.IceUdpMuxListener(port, bindAddress);
  } catch (error) {
    throw new Error(`UDP port ${port} cannot be opened for media; is it in use?`, { cause: error });
  }
};
