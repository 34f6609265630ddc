import type {
  ControlEnded,
  ControlPolicyChange,
  ViewerId,
} from '../../../gateway/protocol/control.ts';
import type { ControlClient, WishOutcome } from '../../core/control/control-client.ts';
import { Observable } from '../../core/observable.ts';
import { newsOf } from './control-news.ts';
import { endWords, refusalWords } from './control-words.ts';
import { standingOf } from './standing.ts';
import type { ControlReading } from './standing.ts';

/** A sentence about control that the person should see. */
export interface ControlNotice {
  readonly tone: 'calm' | 'problem';
  readonly text: string;
}

/** What the page shows of control, and the wishes that its buttons send. */
export class ControlBoard {
  readonly client: ControlClient;
  readonly reading: Observable<ControlReading>;
  /** What just happened to this viewer or its wish; null: nothing. */
  readonly notice = new Observable<ControlNotice | null>(null);
  /** What just happened to the others, for screen readers. */
  readonly news = new Observable('');
  /** It was said why, or asked for here. */
  #isEndExplained = false;

  constructor(client: ControlClient) {
    this.client = client;
    this.reading = new Observable(this.#read());
  }

  /** Follows the client until the returned function is called. */
  start(): () => void {
    const off = [
      this.client.own.subscribe(() => this.#refresh()),
      this.client.ended.subscribe(() => this.#tellEnd(this.client.ended.value)),
    ];
    this.#refresh();
    return () => {
      for (const each of off) each();
    };
  }

  request(): Promise<void> {
    return this.#ask(this.client.request());
  }

  take(): Promise<void> {
    return this.#ask(this.client.take());
  }

  cancel(): Promise<void> {
    return this.#ask(this.client.cancel());
  }

  release(): Promise<void> {
    this.#isEndExplained = true;
    return this.#ask(this.client.release());
  }

  give(to: ViewerId): Promise<void> {
    this.#isEndExplained = true;
    return this.#ask(this.client.give(to));
  }

  deny(to: ViewerId): Promise<void> {
    return this.#ask(this.client.deny(to));
  }

  setPolicy(policy: ControlPolicyChange): Promise<void> {
    return this.#ask(this.client.setPolicy(policy));
  }

  toggleHand(): Promise<void> {
    const { hasHandUp } = this.client.own.value;
    return this.#ask(hasHandUp ? this.client.lowerHand() : this.client.raiseHand());
  }

  lowerHand(of: ViewerId): Promise<void> {
    return this.#ask(this.client.lowerHand(of));
  }

  dismiss(): void {
    this.notice.set(null);
  }

  async #ask(wish: Promise<WishOutcome>): Promise<void> {
    const outcome = await wish;
    if (outcome.result !== 'refused' && outcome.result !== 'unanswered') return;
    const known = outcome.result === 'refused' && outcome.why !== undefined ? outcome.why : null;
    const text = known === null ? outcome.sentence : refusalWords[known];
    this.notice.set({ tone: 'problem', text: text ?? 'That did not work.' });
  }

  #refresh(): void {
    const before = this.reading.value;
    const now = this.#read();
    this.reading.set(now);
    const news = newsOf(before, now);
    if (news !== null) this.news.set(news);
    this.#tellOwn(before, now, news);
  }

  #tellEnd(end: ControlEnded | null): void {
    if (end === null) return;
    this.#isEndExplained = true;
    this.notice.set({ tone: 'calm', text: endWords(end) });
  }

  #tellOwn(before: ControlReading, now: ControlReading, news: string | null): void {
    const [had, has] = [before, now].map((each) => standingOf(each).kind === 'driving');
    if (has === true && had === false) {
      this.#isEndExplained = false;
      this.notice.set({ tone: 'calm', text: 'You have control now.' });
    } else if (had === true && has === false && !this.#isEndExplained && now.state !== null) {
      this.notice.set({ tone: 'calm', text: news ?? 'Your control has ended.' });
    }
  }

  #read(): ControlReading {
    const { own, state, you } = this.client;
    const { isWaiting, place } = own.value;
    return {
      self: you.value,
      state: state.value,
      isWaiting,
      place,
      readAtMs: Date.now(),
    };
  }
}
