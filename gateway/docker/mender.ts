import type { Container, ContainerEngine, ContainerSpec } from './engine.ts';
import { Replacement, type EmptyTerms, type ReplacementParts } from './replacement.ts';
import type { Template } from './template.ts';

/** Tells what is done now, in a sentence. */
export type Step = (sentence: string) => void;

export interface MenderParts extends Omit<ReplacementParts, 'onStep'> {
  readonly engine: ContainerEngine;
  readonly template: Template;
  readonly step: Step;
}

/** What is done to a container so that it is as its template says. Each resolves with whether it is. */
export class Mender {
  readonly #parts: MenderParts;
  readonly #replacement: Replacement;

  constructor(parts: MenderParts) {
    this.#parts = parts;
    this.#replacement = new Replacement({ ...parts, onStep: parts.step });
  }

  /** Makes one, and removes it again when it does not serve. */
  async add(spec: ContainerSpec): Promise<boolean> {
    const { engine, look, step } = this.#parts;
    step(`${spec.name} is made from ${spec.image}.`);
    const id = await engine.create(spec);
    try {
      await this.#replacement.prove(id, spec.name, this.#probeMs);
      step(`${spec.name} serves.`);
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      step(`It does not serve and is removed: ${why}`);
      await engine.remove(id);
      await look();
      return false;
    }
  }

  async start({ id, name }: Container): Promise<boolean> {
    this.#parts.step(`${name} is started.`);
    await this.#replacement.prove(id, name, this.#probeMs);
    return true;
  }

  /** Empties it, then removes it. */
  async takeAway(container: Container): Promise<boolean> {
    const { engine, look, step } = this.#parts;
    await this.#replacement.empty(container, this.#emptyTerms);
    await engine.remove(container.id);
    step(`${container.name} is removed.`);
    await look();
    return true;
  }

  /** Of a replacement that was broken off: the new one counts when it serves, else the old one. */
  async tidy(old: Container, next: Container | undefined, name: string): Promise<boolean> {
    const { engine, nodes, look, step } = this.#parts;
    const known = next === undefined ? undefined : nodes.nodeOf(next.id);
    if (next !== undefined && known !== undefined && (await nodes.probe(known)) === null) {
      await engine.remove(old.id);
      step(`${old.name} is removed: ${next.name} serves in its place.`);
    } else {
      if (next !== undefined) await engine.remove(next.id);
      await engine.rename(old.id, name);
      step(`${old.name} is ${name} again.`);
      await engine.start(old.id);
    }
    await look();
    return true;
  }

  async replace(old: Container, spec: ContainerSpec): Promise<boolean> {
    const terms = { ...this.#emptyTerms, probeMs: this.#probeMs };
    return (await this.#replacement.run(old, spec, terms)).ok;
  }

  get #probeMs(): number {
    return this.#parts.template.probeSeconds * 1000;
  }

  get #emptyTerms(): EmptyTerms {
    const { drain, stopSeconds } = this.#parts.template;
    const { afterSeconds, spreadSeconds } = drain;
    return { afterMs: afterSeconds * 1000, spreadMs: spreadSeconds * 1000, stopSeconds };
  }
}
