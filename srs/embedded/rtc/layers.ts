import { randomBytes } from 'node:crypto';

import type { LayerChoice, LayerStats } from '../media.ts';
import type { Egress } from './egress.ts';
import type { Feed } from './feed.ts';
import { Layer } from './layer.ts';
import { LayerPolicy } from './layer-policy.ts';
import { Output } from './output.ts';
import type { PathSigns } from './path-signs.ts';

const CHOOSE_MS = 200;
const AUTOMATIC: LayerChoice = { rid: null, maxWidth: null, maxHeight: null };

/** A viewer's video, and how its layer is chosen. */
interface Watcher {
  readonly feed: Feed;
  readonly policy: LayerPolicy;
  choice: LayerChoice;
}

/**
 * A stream's video: one output, or one for each layer of a simulcast publisher. All have one SSRC;
 * each viewer gets one of them at a time and changes with a key frame of the next.
 */
export class Layers {
  readonly ssrc = randomBytes(4).readUInt32BE(0);
  readonly cname: string;
  readonly #egress: Egress;
  readonly #request: (output: Output) => boolean;
  /** Kept when publishers change, since viewers' numbers go on from them. */
  readonly #all: Layer[] = [];
  /** Those of the publisher, in its order; one without a name when there is no simulcast. */
  #layers: readonly Layer[];
  /** Lowest first: by picture size; by rate while sizes are unknown or alike. */
  #ranked: readonly Layer[];
  readonly #watchers = new Map<Feed, Watcher>();
  /** What viewers chose before they were connected. */
  readonly #early = new WeakMap<Feed, LayerChoice>();
  #chosenMs = 0;

  constructor(options: {
    readonly cname: string;
    readonly egress: Egress;
    /** Asks the publisher for a key frame. */
    readonly request: (output: Output) => boolean;
  }) {
    this.cname = options.cname;
    this.#egress = options.egress;
    this.#request = options.request;
    this.#layers = [this.#layerAt(0)];
    this.#ranked = this.#layers;
  }

  get isLayered(): boolean {
    return this.#layers.length > 1;
  }

  /** The highest layer that flows, or all there is of the video; null while nothing is known. */
  get best(): Output | null {
    const layer = this.isLayered
      ? this.#ranked.findLast(({ flowing }) => flowing)
      : this.#layers[0];
    return layer?.output ?? null;
  }

  /** Another publisher comes; `rids` null: without layers. Viewers wait for its first key frame. */
  begin(rids: readonly string[] | null, nowMs: number): readonly Output[] {
    for (const { feed } of this.#watchers.values()) feed.leave();
    this.#layers = (rids ?? [null]).map((rid, index) => {
      const layer = this.#layerAt(index);
      layer.begin(rid, nowMs);
      return layer;
    });
    this.#ranked = this.#layers;
    // Their key frame is asked for when the first packet has shown the publisher's SSRC.
    for (const watcher of this.#watchers.values()) this.#aim(watcher, nowMs);
    return this.#layers.map(({ output }) => output);
  }

  /** Nobody publishes any more; viewers stay. */
  end(): void {
    for (const { output } of this.#layers) output.endSource();
  }

  add(feed: Feed, nowMs: number): void {
    const choice = this.#early.get(feed) ?? AUTOMATIC;
    const watcher = { feed, policy: new LayerPolicy(), choice };
    this.#watchers.set(feed, watcher);
    this.#lead(watcher, nowMs);
  }

  remove(feed: Feed): void {
    this.#watchers.delete(feed);
    feed.leave();
  }

  /** False when no layer has such a name. Before `add` it is noted for then. */
  choose(feed: Feed, choice: LayerChoice, nowMs: number): boolean {
    const unknown = choice.rid !== null && !this.#layers.some(({ rid }) => rid === choice.rid);
    if (unknown) return false;
    const watcher = this.#watchers.get(feed);
    if (watcher === undefined) this.#early.set(feed, choice);
    else {
      watcher.choice = choice;
      this.#lead(watcher, nowMs);
    }
    return true;
  }

  /** Where to note what a viewer says of its path. */
  signsOf(feed: Feed): PathSigns | null {
    return this.#watchers.get(feed)?.policy.signs ?? null;
  }

  /** A key frame of one output is needed. */
  requestKeyframe(output: Output, nowMs: number): void {
    const layer = this.#layers.find((each) => each.output === output);
    if (layer?.request(nowMs) === true) this.#request(output);
  }

  keyframeArrived(output: Output): void {
    this.#layers.find((each) => each.output === output)?.keyframeArrived();
  }

  tick(nowMs: number): void {
    if (this.isLayered && nowMs - this.#chosenMs >= CHOOSE_MS) {
      this.#chosenMs = nowMs;
      this.#measure(nowMs);
      for (const watcher of this.#watchers.values()) this.#lead(watcher, nowMs);
    }
    for (const layer of this.#layers) {
      if (layer.isRequestDue(nowMs)) this.#request(layer.output);
    }
  }

  /** Lowest first; empty without simulcast. */
  stats(): LayerStats[] {
    if (!this.isLayered) return [];
    return this.#ranked.map(({ rid, size, bitsPerSecond, flowing }) => ({
      rid: rid ?? '',
      width: size?.width ?? 0,
      height: size?.height ?? 0,
      bitsPerSecond: Math.round(bitsPerSecond),
      active: flowing,
    }));
  }

  /** What one viewer gets, and whether somebody chose it; null without simulcast. */
  statsOf(feed: Feed): { readonly rid: string | null; readonly choice: LayerChoice } | null {
    const watcher = this.#watchers.get(feed);
    if (!this.isLayered || watcher === undefined) return null;
    const current = this.#layers.find(({ output }) => output === feed.source);
    return { rid: current?.rid ?? null, choice: watcher.choice };
  }

  #lead(watcher: Watcher, nowMs: number): void {
    const lacking = this.#aim(watcher, nowMs);
    if (lacking !== null) this.requestKeyframe(lacking, nowMs);
  }

  /** Turns a viewer to the layer it is to get; returns the output of which it lacks a key frame. */
  #aim(watcher: Watcher, nowMs: number): Output | null {
    const { feed } = watcher;
    const output = this.#wanted(watcher, nowMs)?.output ?? null;
    if (output === null || output === feed.target) return null;
    if (feed.target !== feed.source) feed.target?.remove(feed);
    feed.target = output;
    return output !== feed.source && output.add(feed, nowMs) ? output : null;
  }

  #wanted({ feed, policy, choice }: Watcher, nowMs: number): Layer | null {
    if (!this.isLayered) return this.#layers[0] ?? null;
    const ranked = this.#ranked;
    const named = ranked.findIndex(({ rid }) => rid === choice.rid);
    if (choice.rid !== null && named >= 0) return nearestFlowing(ranked, named);
    const fitting = ranked.filter((layer) => fits(layer, choice));
    const allowed = fitting.length > 0 ? fitting : ranked.slice(0, 1);
    const current = allowed.findIndex(({ output }) => output === feed.target);
    const chosen = policy.choose(allowed, current < 0 ? null : current, nowMs);
    return chosen === null ? null : (allowed[chosen] ?? null);
  }

  #measure(nowMs: number): void {
    const taken = this.#layers.map(({ output }) => output.frames);
    this.#layers.forEach((layer, index) => {
      layer.measure(Math.max(...taken.filter((_, other) => other !== index)), nowMs);
    });
    this.#ranked = this.#layers.toSorted(
      (a, b) => pixels(a) - pixels(b) || a.usualBps - b.usualBps,
    );
  }

  #layerAt(index: number): Layer {
    const known = this.#all[index];
    if (known !== undefined) return known;
    const { cname, ssrc } = this;
    const layer = new Layer(new Output({ kind: 'video', cname, ssrc }, this.#egress));
    this.#all[index] = layer;
    return layer;
  }
}

const pixels = ({ size }: Layer): number => (size === null ? 0 : size.width * size.height);

const fits = ({ size }: Layer, { maxWidth, maxHeight }: LayerChoice): boolean =>
  size === null ||
  ((maxWidth === null || size.width <= maxWidth) &&
    (maxHeight === null || size.height <= maxHeight));

/** The chosen one; while it is stopped, the next lower that flows, else the next higher. */
const nearestFlowing = (ranked: readonly Layer[], chosen: number): Layer | null => {
  const below = ranked.slice(0, chosen + 1).findLast(({ flowing }) => flowing);
  return below ?? ranked.slice(chosen).find(({ flowing }) => flowing) ?? null;
};
