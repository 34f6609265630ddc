import { setTimeout as delay } from 'node:timers/promises';
import { AbuseConnection, type Target } from './abuse-connection.ts';
import { chromiumOffer } from './chromium-offer.ts';

/** What an attacker is told to do. */
export type Attack = Target &
  (
    | { readonly kind: 'unauthenticated'; readonly requests: number; readonly connections: number }
    | {
        readonly kind: 'patches';
        readonly requests: number;
        readonly connections: number;
        /** Path of the one session. */
        readonly session: string;
        readonly etag: string;
      }
    | {
        readonly kind: 'half-open';
        readonly connections: number;
        readonly publishers: readonly { readonly room: string; readonly token: string }[];
      }
    | {
        readonly kind: 'slow';
        readonly seconds: number;
        /** Of each: slow headers, slow bodies, idle. */
        readonly connections: number;
        readonly token: string;
      }
  );

/** Answers by status; 0 counts connections that were closed instead. */
export interface Outcome {
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export async function attack(order: Attack): Promise<Outcome> {
  const startedAt = performance.now();
  const statuses: Record<string, number> = {};
  const count = (status: number): void => void (statuses[status] = (statuses[status] ?? 0) + 1);
  await run(order, count);
  return { statuses, seconds: (performance.now() - startedAt) / 1000 };
}

function run(order: Attack, count: (status: number) => void): Promise<void> {
  switch (order.kind) {
    case 'unauthenticated':
      return flood(order, order.requests, unauthenticated, count);
    case 'patches':
      return flood(order, order.requests, () => patch(order), count);
    case 'half-open':
      return flood(order, order.publishers.length, (at) => publish(order, at), count);
    case 'slow':
      return drip(order, count);
    default:
      return order satisfies never;
  }
}

/** As many requests as told over a few connections, each sent when the one before is answered. */
async function flood(
  target: Target & { readonly connections: number },
  requests: number,
  requestOf: (at: number) => string,
  count: (status: number) => void,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    let connection = await AbuseConnection.open(target);
    while (next < requests) {
      const at = next;
      next += 1;
      if (connection.closed) connection = await AbuseConnection.open(target);
      count(await connection.send(requestOf(at)));
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: target.connections }, work));
}

const OFFER = chromiumOffer('publish');

/** Half without a token, half with one that is none. */
function unauthenticated(at: number): string {
  const token = at % 2 === 0 ? [] : [`Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.${at}`];
  return post(`/whip/room${at % 100}`, token, OFFER);
}

const publish = (order: Attack & { kind: 'half-open' }, at: number): string => {
  const { room = '', token = '' } = order.publishers[at] ?? {};
  return post(`/whip/${room}`, [`Authorization: Bearer ${token}`], chromiumOffer('publish'));
};

function patch({ session, etag }: Attack & { kind: 'patches' }): string {
  const body = 'a=end-of-candidates\r\n';
  return [
    `PATCH ${session} HTTP/1.1`,
    'Host: 127.0.0.1',
    `If-Match: ${etag}`,
    'Content-Type: application/trickle-ice-sdpfrag',
    `Content-Length: ${body.length}`,
    `\r\n${body}`,
  ].join('\r\n');
}

const post = (path: string, headers: readonly string[], body: string): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...headers,
    'Content-Type: application/sdp',
    `Content-Length: ${body.length}`,
    `\r\n${body}`,
  ].join('\r\n');

/** One byte a second where the server waits for more; counts how each connection ended. */
async function drip(
  order: Attack & { kind: 'slow' },
  count: (status: number) => void,
): Promise<void> {
  const starts = [
    'POST /whip/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ',
    post('/whip/slow', [`Authorization: Bearer ${order.token}`], OFFER).slice(0, -1000),
    '',
  ];
  const drips = starts.flatMap((start) =>
    Array.from({ length: order.connections }, async () => {
      const connection = await AbuseConnection.open(order);
      const answered = start === '' ? untilClosed(connection) : connection.send(start);
      const cut = answered.then(count);
      for (let second = 0; second < order.seconds && !connection.closed; second += 1) {
        if (start !== '') connection.write('a');
        await delay(1000);
      }
      connection.close();
      await cut;
    }),
  );
  await Promise.all(drips);
}

async function untilClosed(connection: AbuseConnection): Promise<number> {
  while (!connection.closed) await delay(100);
  return 0;
}
