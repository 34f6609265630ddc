/** Says once, each time that it comes to rest, that nothing is published. */
export class RestNotice {
  readonly #say: (line: string) => void;
  readonly #isIdle: () => boolean;
  #isSaid = false;

  constructor(say: (line: string) => void, isIdle: () => boolean) {
    this.#say = say;
    this.#isIdle = isIdle;
  }

  /** Something changed of what is published. */
  renew(): void {
    this.#isSaid = false;
    this.look();
  }

  look(): void {
    if (!this.#isIdle()) return;
    if (!this.#isSaid) this.#say('Nobody watches: it starts with the first viewer.');
    this.#isSaid = true;
  }
}
