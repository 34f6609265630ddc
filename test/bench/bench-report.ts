import { describeMachine } from './machine.ts';

export interface Target {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Prints a benchmark's figures as they come and, at the end, how they stand to the targets. */
export class BenchReport {
  readonly #checks: { readonly target: Target; readonly met: boolean }[] = [];

  constructor(title: string) {
    this.line(title);
    this.line(`machine: ${describeMachine()}`);
  }

  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  section(title: string): void {
    this.line(`\n${title}`);
  }

  /** Holds a figure against a target of docs; NaN (not measured) misses it. */
  check(target: Target): void {
    const { value, atMost = Infinity, atLeast = -Infinity } = target;
    this.#checks.push({ target, met: value <= atMost && value >= atLeast });
  }

  /** Prints the verdicts; with `strict`, a missed target makes the exit code 1. */
  finish(strict: boolean): void {
    this.section('targets');
    for (const { target, met } of this.#checks) {
      const { name, value, unit, atMost, atLeast } = target;
      const limit = atMost === undefined ? `at least ${atLeast ?? '-'}` : `at most ${atMost}`;
      const figure = Number.isNaN(value) ? 'not measured' : `${value.toFixed(2)} ${unit}`;
      this.line(`  ${met ? 'met   ' : 'MISSED'} ${name}: ${figure} (${limit})`);
    }
    this.line(`machine at the end: ${describeMachine()}`);
    if (strict && this.#checks.some(({ met }) => !met)) process.exitCode = 1;
  }
}
