import { connectPeer } from '../support/rtc/pipe-peer.ts';
import { RtpPublisher, type RtpPublisherOptions } from '../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../support/rtc/rtp-viewer.ts';
import type { Kind } from './kind.ts';
import { NotApplicable } from './not-applicable.ts';
import type { Session } from './session.ts';

const CONNECT_MS = 15_000;
/** Little, but enough to see it stop: the machine on the other side may be small. */
const SMALL: RtpPublisherOptions = { fps: 10, bitsPerSecond: 200_000 };

/** A session was answered, but ICE and DTLS did not come up. */
export class NoConnection extends NotApplicable {
  override readonly name = 'NoConnection';
}

/** What peers need of the server: sessions for their offers. */
export interface SessionOpener {
  readonly options: { readonly media: boolean };
  open(kind: Kind, given: { readonly offer: string }): Promise<Session>;
}

export interface Connected<P> {
  readonly session: Session;
  readonly peer: P;
}

/** A client that sends real media, connected. Its owner closes it. @throws NotApplicable */
export function connectPublisher(
  server: SessionOpener,
  options: RtpPublisherOptions = {},
): Promise<Connected<RtpPublisher>> {
  return connect(server, 'publish', () => new RtpPublisher({ ...SMALL, ...options }));
}

/** A client that receives real media, connected. Its owner closes it. @throws NotApplicable */
export function connectViewer(server: SessionOpener): Promise<Connected<RtpViewer>> {
  return connect(server, 'watch', () => new RtpViewer());
}

interface Peer {
  offer(): Promise<string>;
  accept(answer: string): void;
  readonly connected: Promise<void>;
  close(): void;
}

async function connect<P extends Peer>(
  server: SessionOpener,
  kind: Kind,
  create: () => P,
): Promise<Connected<P>> {
  if (!server.options.media) throw new NotApplicable('--no-media');
  const sessions: Session[] = [];
  const exchange = async (offer: string): Promise<string> => {
    await sessions.at(-1)?.delete();
    const session = await server.open(kind, { offer });
    sessions.push(session);
    return session.reply.body;
  };
  try {
    const { peer } = await connectPeer(() => patient(create()), exchange);
    const session = sessions.at(-1);
    if (session === undefined) throw new Error('connected without a session');
    return { session, peer };
  } catch (error) {
    if (error instanceof NotApplicable) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new NoConnection(`no media connection: ${why}`, { cause: error });
  }
}

/** A peer whose connection may take so long and no longer. */
function patient<P extends Peer>(peer: P) {
  return {
    peer,
    offer: () => peer.offer(),
    accept: (answer: string) => peer.accept(answer),
    close: () => peer.close(),
    get connected(): Promise<void> {
      const limit = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => {
        limit.reject(new Error(`ICE and DTLS took longer than ${CONNECT_MS} ms`));
      }, CONNECT_MS);
      return Promise.race([peer.connected, limit.promise]).finally(() => clearTimeout(timer));
    },
  };
}

/** Whether something settles in time. */
export async function settles(what: Promise<unknown>, withinMs: number): Promise<boolean> {
  const limit = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => limit.resolve(false), withinMs);
  const settled = what.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, limit.promise]).finally(() => clearTimeout(timer));
}
