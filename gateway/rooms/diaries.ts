import { LIMITS } from '../limits/limits.ts';
import type { EndReason } from '../protocol/end-reason.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { DiaryStep, DiaryWitness, PlayerSteps, SessionDiary } from '../protocol/diary.ts';
import type { SessionId, SessionSecret } from '../protocol/ids.ts';
import type { Session } from './session.ts';
import type { SessionObserver } from './sessions.ts';

/** Called once for each step of each session and each witness. */
export type ObserveStep = (
  step: { readonly step: DiaryStep; readonly by: DiaryWitness; readonly kind: SessionKind },
  seconds: number,
) => void;

interface Diary {
  readonly session: Session;
  readonly entries: SessionDiary['entries'];
  problem: string | null;
  endedAtMs: number | null;
  endReason: EndReason | null;
}

const PLAYER_STEPS = ['stun', 'dtls', 'rtp', 'frame'] as const satisfies readonly DiaryStep[];

/**
 * How far each session came, and when: as far as the gateway saw it, the node told or the player
 * says. Ended ones are remembered up to a number.
 */
export class Diaries implements SessionObserver {
  readonly #now: () => number;
  readonly #onStep: ObserveStep;
  readonly #bySecret = new Map<SessionSecret, Diary>();
  readonly #secrets = new Map<SessionId, SessionSecret>();
  readonly #ended = new Set<SessionSecret>();

  constructor({ now, onStep }: { now: () => number; onStep: ObserveStep }) {
    this.#now = now;
    this.#onStep = onStep;
  }

  get size(): number {
    return this.#bySecret.size;
  }

  opened(session: Session): void {
    this.#note(this.#at(session), 'answer', 'gateway', this.#now() - session.arrival.at);
  }

  /** A publisher's DTLS is up, or media was sent to a viewer. */
  live(session: Session): void {
    if (session.transport === 'websocket') return;
    const step = session.kind === 'publish' ? 'dtls' : 'rtp';
    this.#note(this.#at(session), step, 'node', this.#now() - session.arrival.at);
  }

  ended(session: Session, reason: EndReason): void {
    const diary = this.#at(session);
    diary.endedAtMs = this.#now() - session.arrival.at;
    diary.endReason = reason;
    this.#ended.add(session.secret);
    const [oldest] = this.#ended;
    if (this.#ended.size > LIMITS.endedDiaries && oldest !== undefined) this.#forget(oldest);
  }

  /** Without its earlier steps, which the other gateway counted. */
  adopted(session: Session): void {
    this.#bySecret.set(session.secret, blank(session));
    this.#secrets.set(session.id, session.secret);
  }

  handedOver({ secret }: Session): void {
    this.#forget(secret);
  }

  /** What a player says of a viewer's session; the first word of each step counts. */
  hear(steps: PlayerSteps): void {
    const diary = this.#bySecret.get(steps.session);
    if (diary?.session.kind !== 'watch') return;
    for (const step of PLAYER_STEPS) {
      const atMs = steps[step];
      if (atMs !== null) this.#note(diary, step, 'player', atMs);
    }
    diary.problem ??= steps.problem;
  }

  bySecret(secret: SessionSecret): SessionDiary | undefined {
    const diary = this.#bySecret.get(secret);
    return diary === undefined ? undefined : viewOf(diary);
  }

  byId(id: SessionId): SessionDiary | undefined {
    const secret = this.#secrets.get(id);
    return secret === undefined ? undefined : this.bySecret(secret);
  }

  #at(session: Session): Diary {
    const known = this.#bySecret.get(session.secret);
    if (known !== undefined) return known;
    const diary = blank(session);
    this.#bySecret.set(session.secret, diary);
    this.#secrets.set(session.id, session.secret);
    const { at, authenticatedAt } = session.arrival;
    this.#note(diary, 'auth', 'gateway', authenticatedAt - at);
    this.#note(diary, 'route', 'gateway', session.startedAt - at);
    return diary;
  }

  #note({ session, entries }: Diary, step: DiaryStep, by: DiaryWitness, atMs: number): void {
    if (entries.some((entry) => entry.step === step && entry.by === by)) return;
    entries.push({ step, by, atMs: Math.max(0, Math.round(atMs)) });
    this.#onStep({ step, by, kind: session.kind }, Math.max(0, atMs) / 1000);
  }

  #forget(secret: SessionSecret): void {
    this.#ended.delete(secret);
    const diary = this.#bySecret.get(secret);
    this.#bySecret.delete(secret);
    if (diary !== undefined) this.#secrets.delete(diary.session.id);
  }
}

const blank = (session: Session): Diary => ({
  ...{ session, entries: [] },
  ...{ problem: null, endedAtMs: null, endReason: null },
});

const viewOf = ({ session, entries, problem, endedAtMs, endReason }: Diary): SessionDiary => ({
  session: session.id,
  kind: session.kind,
  room: session.room,
  source: session.source,
  transport: session.transport,
  node: session.nodeName,
  beganAt: session.arrival.at,
  entries: [...entries],
  ...{ problem, endedAtMs, endReason },
});
