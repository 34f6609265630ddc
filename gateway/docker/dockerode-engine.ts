import Docker from 'dockerode';
import type { z } from 'zod';
import { boundedAgent } from './bounded-agent.ts';
import { readDetails, readList } from './read-answers.ts';
import {
  ContainerId,
  CreateAnswer,
  EventAnswer,
  InfoAnswer,
  InspectAnswer,
  ListAnswer,
  StatsAnswer,
  VersionAnswer,
} from './engine-answers.ts';
import { garbage, noContainer, toEngineFailure } from './engine-failure.ts';
import { connection, type EnginePlace } from './engine-place.ts';
import type {
  Container,
  ContainerDetails,
  ContainerEngine,
  ContainerSpec,
  EngineEvent,
  EngineIdentity,
  LogLine,
  LogWish,
  UsageSample,
} from './engine.ts';
import { EventLines } from './event-lines.ts';
import { LogFrames } from './log-frames.ts';
import { isDoneAlready, parse, read, within } from './requests.ts';
import { toCreateOptions } from './to-create-options.ts';
import { usageOf } from './usage.ts';

const CALL_MS = 10_000;
/** A list of a thousand containers has some 2 MB. */
const ANSWER_BYTES = 16 * 1024 * 1024;
/** The types leave it out. */
interface WithSignal {
  version(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  info(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

/** Without waiting a second for the next sample. */
const ONE_SHOT: { stream: false; 'one-shot': boolean } = { stream: false, 'one-shot': true };
/** Its health tests are events too, and many. */
const ACTIONS = ['create', 'start', 'die', 'oom', 'stop', 'destroy', 'pause', 'unpause', 'rename'];

/**
 * A Docker engine by dockerode. Before anything is done by a container's id, the engine is asked
 * whether the container has our label; ids never lose theirs.
 */
export class DockerodeEngine implements ContainerEngine {
  readonly #docker: Docker;
  readonly #streams: Docker;
  readonly #label: string;
  readonly #callMs: number;
  readonly #permit: () => void;

  constructor({
    place,
    label,
    callMs = CALL_MS,
    permit = () => undefined,
  }: {
    readonly place: EnginePlace;
    readonly label: string;
    /** Longest wait for an answer; of a stop, on top of its own time. */
    readonly callMs?: number | undefined;
    /** Asked before each deed; it throws when this gateway may do nothing now. */
    readonly permit?: () => void;
  }) {
    this.#callMs = callMs;
    this.#permit = permit;
    const isTls = 'host' in place && place.tls !== null;
    const agent = boundedAgent({ isTls, most: ANSWER_BYTES });
    // docker-modem takes an agent, its types do not.
    const bounded: Record<string, unknown> = { ...connection(place), agent };
    this.#docker = new Docker(bounded);
    this.#streams = new Docker(connection(place));
    this.#label = label;
  }

  async identify(): Promise<EngineIdentity> {
    const docker = this.#docker as unknown as WithSignal;
    const { Version: version, ApiVersion: api } = await this.#ask(VersionAnswer, (abortSignal) =>
      docker.version({ abortSignal }),
    );
    return { id: await this.#id(), version, api };
  }

  async list(): Promise<readonly Container[]> {
    const filters = { label: [this.#label] };
    const answer = await this.#ask(ListAnswer, (abortSignal) =>
      this.#docker.listContainers({ all: true, filters, abortSignal }),
    );
    return readList(answer).filter(({ labels }) => this.#isOurs(labels));
  }

  async inspect(id: string): Promise<ContainerDetails> {
    if (!ContainerId.safeParse(id).success) throw noContainer();
    const answer = await this.#ask(InspectAnswer, (abortSignal) =>
      this.#docker.getContainer(id).inspect({ abortSignal }),
    );
    const details = readDetails(answer);
    if (details.id !== id || !this.#isOurs(details.labels)) throw noContainer();
    return details;
  }

  async usage(id: string): Promise<UsageSample> {
    const container = await this.#own(id);
    const stats = await this.#ask(StatsAnswer, (abortSignal) =>
      container.stats({ ...ONE_SHOT, abortSignal } as typeof ONE_SHOT),
    );
    return usageOf(stats);
  }

  async logs(id: string, wish: LogWish): Promise<readonly LogLine[]> {
    const { hasTerminal } = await this.inspect(id);
    const bytes = await this.#done(this.#callMs, (abortSignal) =>
      this.#docker.getContainer(id).logs({ ...logOptions(wish), follow: false, abortSignal }),
    );
    if (!Buffer.isBuffer(bytes)) return [];
    const frames = new LogFrames({ hasTerminal });
    try {
      return [...frames.read(bytes), ...frames.end()].slice(-wish.tail);
    } catch (error) {
      throw garbage(error);
    }
  }

  async *followLogs(id: string, wish: LogWish, signal: AbortSignal): AsyncIterable<LogLine> {
    const { hasTerminal } = await this.inspect(id);
    const frames = new LogFrames({ hasTerminal });
    const stream = await this.#begin(signal, (abortSignal) =>
      this.#streams.getContainer(id).logs({ ...logOptions(wish), follow: true, abortSignal }),
    );
    for await (const lines of read(stream, (chunk) => frames.read(chunk), signal)) yield* lines;
    yield* frames.end();
  }

  async *events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    const filters = { type: ['container'], label: [this.#label], event: ACTIONS };
    const stream = await this.#begin(signal, (abortSignal) =>
      this.#streams.getEvents({ filters, abortSignal } as Docker.GetEventsOptions),
    );
    const lines = new EventLines();
    for await (const found of read(stream, (chunk) => lines.read(chunk), signal)) {
      for (const value of found) {
        const event = EventAnswer.safeParse(value);
        if (!event.success) continue;
        const { ID: id, Attributes: words } = event.data.Actor;
        if (!this.#isOurs(words)) continue;
        const exitCode = Number.parseInt(words['exitCode'] ?? '', 10);
        yield {
          ...{ id, name: words['name'] ?? '', action: event.data.Action },
          exitCode: Number.isNaN(exitCode) ? null : exitCode,
        };
      }
    }
  }

  async start(id: string): Promise<void> {
    const container = await this.#steered(id);
    await this.#done(this.#callMs, (abortSignal) => container.start({ abortSignal }));
  }

  async stop(id: string, seconds: number): Promise<void> {
    const container = await this.#steered(id);
    await this.#done(this.#callMs + seconds * 1000, (abortSignal) =>
      container.stop({ t: seconds, abortSignal } as Docker.ContainerStopOptions),
    );
  }

  async restart(id: string, seconds: number): Promise<void> {
    const container = await this.#steered(id);
    await this.#done(this.#callMs + seconds * 1000, (abortSignal) =>
      container.restart({ t: seconds, abortSignal }),
    );
  }

  async rename(id: string, name: string): Promise<void> {
    const container = await this.#steered(id);
    await this.#done(this.#callMs, (abortSignal) => container.rename({ name, abortSignal }));
  }

  async remove(id: string): Promise<void> {
    const container = await this.#steered(id);
    await this.#done(this.#callMs, (abortSignal) =>
      container.remove({ force: true, v: true, abortSignal }),
    );
  }

  async create(spec: ContainerSpec): Promise<string> {
    if (!this.#isOurs(spec.labels)) throw noContainer();
    this.#permit();
    const answer = await this.#done(this.#callMs, (abortSignal) =>
      this.#docker.createContainer({ ...toCreateOptions(spec), abortSignal }),
    );
    return parse(CreateAnswer, { Id: (answer as { id?: unknown }).id }).Id;
  }

  async hasImage(image: string): Promise<boolean> {
    try {
      await this.#done(this.#callMs, () =>
        this.#docker.getImage(encodeURIComponent(image)).inspect(),
      );
      return true;
    } catch (error) {
      if (toEngineFailure(error).code === 'not-found') return false;
      throw error;
    }
  }

  /** A container of ours, to be changed now. @throws GatewayError */
  async #steered(id: string): Promise<Docker.Container> {
    const container = await this.#own(id);
    this.#permit();
    return container;
  }

  /** A container of ours, to be asked of. @throws GatewayError `not-found` */
  async #own(id: string): Promise<Docker.Container> {
    await this.inspect(id);
    return this.#docker.getContainer(id);
  }

  /** Its own name for itself; '' where a proxy in front does not tell it. */
  async #id(): Promise<string> {
    try {
      const docker = this.#docker as unknown as WithSignal;
      const { ID: id } = await this.#ask(InfoAnswer, (abortSignal) => docker.info({ abortSignal }));
      return id;
    } catch (error) {
      const { code } = toEngineFailure(error);
      if (code === 'docker-refused' || code === 'not-found') return '';
      throw error;
    }
  }

  #isOurs(labels: Readonly<Record<string, string>>): boolean {
    return Object.hasOwn(labels, this.#label);
  }

  async #ask<S extends z.ZodType>(
    schema: S,
    request: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<z.output<S>> {
    return parse(schema, await this.#done(this.#callMs, request));
  }

  async #done<T>(ms: number, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await within(ms, request);
    } catch (error) {
      if (isDoneAlready(error)) return undefined as T;
      throw toEngineFailure(error);
    }
  }

  /** A stream whose first answer comes in time. */
  async #begin(
    signal: AbortSignal,
    request: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<AsyncIterable<Buffer>> {
    const began = new AbortController();
    const timer = setTimeout(() => began.abort(), this.#callMs);
    try {
      const stream = await request(AbortSignal.any([signal, began.signal]));
      return stream as AsyncIterable<Buffer>;
    } catch (error) {
      throw toEngineFailure(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

function logOptions({ tail, since }: LogWish) {
  const from = since === undefined ? {} : { since: since / 1000 };
  return { stdout: true, stderr: true, timestamps: true, tail, ...from };
}
