/** Runs one step and prints how it went, how long it took and what it says. */
export async function step<T>(what: string, act: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  try {
    const result = await act();
    const note =
      typeof result === 'string' && result !== '' && result.length < 120 ? `: ${result}` : '';
    say(`ok   ${seconds().padStart(7)}  ${what}${note}`);
    return result;
  } catch (error) {
    say(`FAIL ${seconds().padStart(7)}  ${what}`);
    throw error;
  }
}

/** A line of the run's output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
