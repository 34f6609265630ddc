import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end which tests passed at their second try alone. */
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = modules.flatMap((each) =>
      [...each.children.allTests('passed')]
        .filter((test) => test.diagnostic()?.flaky === true)
        .map((test) => `  ${each.relativeModuleId}: ${test.fullName}`),
    );
    if (lines.length === 0) return;
    console.log(`Passed at their second try, ${lines.length}:\n${lines.join('\n')}\n`);
  }
}
