import { setTimeout as wait } from 'node:timers/promises';
import { GatewayError } from '../errors.ts';
import type { KnownNode } from '../rooms/nodes.ts';
import { leftOverName } from './drift.ts';
import type { Container, ContainerEngine, ContainerSpec } from './engine.ts';
import type { Template } from './template.ts';

const POLL_MS = 250;
/** Beyond the drain's own times, until its last viewers followed. */
const DRAIN_SLACK_MS = 60_000;

/** What is done with the media servers in containers. */
export interface NodeHandling {
  /** The media server in a container; undefined: none is known there. */
  nodeOf(id: string): KnownNode | undefined;
  sessionsOf(known: KnownNode): number;
  drain(known: KnownNode, terms: { afterMs: number; spreadMs: number }): void;
  cordon(known: KnownNode): void;
  uncordon(known: KnownNode): void;
  /** Why it would not serve, by a real try of it; null: it serves. */
  probe(known: KnownNode): Promise<string | null>;
}

export interface ReplacementParts {
  readonly engine: ContainerEngine;
  readonly nodes: NodeHandling;
  /** A look at the engine that begins now. */
  readonly look: () => Promise<void>;
  /** The next container gets no new source until it is proven. */
  readonly onProbation: (id: string, isOn: boolean) => void;
  readonly onStep: (sentence: string) => void;
  readonly signal: AbortSignal;
}

export interface EmptyTerms {
  readonly afterMs: number;
  readonly spreadMs: number;
  readonly stopSeconds: number;
}

/** What a replacement came to. */
export type Replaced = { readonly ok: true } | { readonly ok: false; readonly why: string };

/**
 * Puts a new container in the place of an old one: the old one is emptied and stopped, the new one tried
 * before it gets a source. When anything fails the old one is started again and the new one removed.
 */
export class Replacement {
  readonly #parts: ReplacementParts;

  constructor(parts: ReplacementParts) {
    this.#parts = parts;
  }

  async run(
    old: Container,
    spec: ContainerSpec,
    terms: EmptyTerms & { readonly probeMs: number },
  ): Promise<Replaced> {
    const { engine, onStep, look } = this.#parts;
    let next: string | null = null;
    try {
      await this.empty(old, terms);
      onStep(`${old.name} is kept as ${leftOverName(spec.name)}.`);
      await engine.rename(old.id, leftOverName(spec.name));
      onStep(`${spec.name} is made from ${spec.image}.`);
      next = await engine.create(spec);
      await this.prove(next, spec.name, terms.probeMs);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      onStep(`It failed: ${why} ${old.name} comes back.`);
      await this.#rollBack(old, next, spec.name);
      await look();
      return { ok: false, why };
    }
    // It serves: what is left over is removed by the next repair if not now.
    await engine.remove(old.id).catch(() => undefined);
    await look();
    onStep(`${spec.name} serves.`);
    return { ok: true };
  }

  /** Empties the media server of a container, and stops it. @throws GatewayError */
  async empty(container: Container, terms: EmptyTerms): Promise<void> {
    const { engine, nodes, onStep, look } = this.#parts;
    const known = nodes.nodeOf(container.id);
    if (known !== undefined) {
      onStep(`${container.name} is drained.`);
      nodes.drain(known, terms);
      const patienceMs = terms.afterMs + 2 * terms.spreadMs + DRAIN_SLACK_MS;
      await this.#until(() => nodes.sessionsOf(known) === 0, patienceMs, 'It did not get empty.');
    }
    onStep(`${container.name} is stopped.`);
    await engine.stop(container.id, terms.stopSeconds);
    await look();
  }

  /** Starts a container and tries its media server. @throws Error when it does not serve in time */
  async prove(id: string, name: string, probeMs: number): Promise<void> {
    const { engine, nodes, onStep, onProbation, look } = this.#parts;
    onProbation(id, true);
    try {
      await engine.start(id);
      onStep(`${name} is tried.`);
      let why: string | null = 'It was not seen to run.';
      const serves = async (): Promise<boolean> => {
        await look();
        const known = nodes.nodeOf(id);
        if (known === undefined) return false;
        why = await nodes.probe(known);
        return why === null;
      };
      await this.#until(serves, probeMs, () => why ?? '');
    } finally {
      onProbation(id, false);
    }
    const known = nodes.nodeOf(id);
    if (known !== undefined) nodes.uncordon(known);
  }

  async #rollBack(old: Container, next: string | null, name: string): Promise<void> {
    const { engine, nodes, onStep } = this.#parts;
    const attempt = (deed: Promise<void>): Promise<void> =>
      deed.catch((error: unknown) => {
        onStep(`Going back: ${error instanceof Error ? error.message : String(error)}`);
      });
    if (next !== null) await attempt(engine.remove(next));
    const { name: now } = await engine.inspect(old.id).catch(() => ({ name }));
    if (now !== old.name) await attempt(engine.rename(old.id, old.name));
    await attempt(engine.start(old.id));
    const known = nodes.nodeOf(old.id);
    if (known !== undefined) nodes.uncordon(known);
  }

  async #until(
    is: () => boolean | Promise<boolean>,
    patienceMs: number,
    why: string | (() => string),
  ): Promise<void> {
    const { signal } = this.#parts;
    const deadline = performance.now() + patienceMs;
    while (!(await is())) {
      if (signal.aborted)
        throw new GatewayError(
          'shutting-down',
          'It is broken off: this gateway looks after containers no more.',
        );
      if (performance.now() > deadline) throw new Error(typeof why === 'string' ? why : why());
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What a replacement will do, in sentences. */
export const replacementSteps = (
  { name, image: now }: Container,
  image: string,
  { drain, probeSeconds }: Template,
  sessions: number,
): string[] => [
  `${name} (${now}) is drained: ${sessions} sessions, the last told to come again after ${drain.afterSeconds} s.`,
  `${name} is stopped and kept as ${leftOverName(name)}.`,
  `A container of ${image} is made in its place and tried for at most ${probeSeconds} s.`,
  `If it serves it takes sources and the old one is removed; if not, the old one comes back.`,
];
