import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { Envelope } from '../../../gateway/cluster/envelope.ts';
import { NEWS_PREFIX } from '../../../gateway/cluster/redis/cluster-names.ts';
import { RedisNews } from '../../../gateway/cluster/redis/redis-news.ts';
import { Secret } from '../../../gateway/config/secret.ts';
import { createAccounts, type AccountParts } from '../../../gateway/create-accounts.ts';
import { RedisLink } from '../../../gateway/redis/redis-link.ts';
import { waitFor } from '../wait-for.ts';
import { aFolder } from './start-gateway.ts';

/** What all gateways of a test have in common. */
export const ENVELOPE = new Envelope('a secret of all the gateways');

const log = pino({ level: 'silent' });

/** A link to Redis as a gateway of this name has it, and its news. */
export async function aClusterLink(url: string, name: string) {
  const news = new RedisNews(name, () => link);
  const link: RedisLink = new RedisLink({
    ...{ url, log, pattern: `${NEWS_PREFIX}*`, mostPauseMs: 100 },
    meaning: { there: '', away: '' },
    onMessage: (text, channel) => news.receive(text, channel),
    onReady: () => undefined,
  });
  onTestFinished(() => link.close());
  link.start();
  await waitFor(() => link.isReady, { timeoutMs: 20_000, what: 'Redis' });
  return { link, news };
}

/** What one gateway of a cluster knows of people; `stop` ends it, its file stays. */
export async function clusterPeople(
  url: string,
  name: string,
  folder = aFolder(),
): Promise<AccountParts & { folder: string; link: RedisLink; stop: () => Promise<void> }> {
  const { link, news } = await aClusterLink(url, name);
  const people = createAccounts(
    {
      DATA_DIR: folder,
      LOGIN_IDLE_MINUTES: 60,
      LOGIN_HOURS: 24,
      JWT_SECRET: new Secret('a secret of all the gateways'),
      BASIC_ACCOUNTS: false,
    },
    { link, news, envelope: ENVELOPE, log, now: Date.now },
  );
  await people.accountService.start();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      await people.accountService.close();
      link.close();
    })());
  onTestFinished(stop);
  return { ...people, folder, link, stop };
}
