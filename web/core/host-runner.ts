import type { ViewerSocket } from './viewer-socket.ts';

/** What came of a command that the host allows. */
export interface RunOutcome {
  readonly ok: boolean;
  /** For people; empty: the host said nothing. */
  readonly sentence: string;
}

const ANSWER_MS = 15_000;

/** Runs a command of the host by its name; always resolves. */
export function runOnHost(socket: ViewerSocket, command: string): Promise<RunOutcome> {
  const { promise, resolve } = Promise.withResolvers<RunOutcome>();
  const id = crypto.randomUUID().slice(0, 32);
  const off = socket.on('host/ran', (ran) => {
    if (ran.id === id) settle({ ok: ran.ok, sentence: ran.sentence });
  });
  const silence = { ok: false, sentence: 'The host did not answer.' };
  const timer = setTimeout(() => settle(silence), ANSWER_MS);
  const settle = (outcome: RunOutcome) => {
    clearTimeout(timer);
    off();
    resolve(outcome);
  };
  if (!socket.send({ type: 'host/run', id, command })) {
    settle({ ok: false, sentence: 'There is no connection to the gateway.' });
  }
  return promise;
}
