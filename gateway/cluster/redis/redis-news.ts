import type { RedisLink } from '../../redis/redis-link.ts';
import type { ClusterNews } from '../homes.ts';
import { NEWS_PREFIX } from './cluster-names.ts';

/** News by Redis' channels: who is not there hears nothing of it. */
export class RedisNews implements ClusterNews {
  readonly #own: string;
  readonly #link: () => RedisLink;
  readonly #listeners = new Map<string, (text: string, from: string) => void>();

  constructor(own: string, link: () => RedisLink) {
    this.#own = own;
    this.#link = link;
  }

  async tell(topic: string, text: string): Promise<boolean> {
    try {
      await this.#link().publish(NEWS_PREFIX + topic, `${this.#own}\n${text}`);
      return true;
    } catch {
      return false;
    }
  }

  hear(topic: string, listener: (text: string, from: string) => void): void {
    this.#listeners.set(topic, listener);
  }

  /** Something came on a channel. */
  receive(message: string, channel: string): void {
    const cut = message.indexOf('\n');
    const from = message.slice(0, cut);
    if (cut === -1 || from === this.#own) return;
    this.#listeners.get(channel.slice(NEWS_PREFIX.length))?.(message.slice(cut + 1), from);
  }
}
