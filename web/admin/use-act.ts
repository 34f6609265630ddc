import { useCallback } from 'react';
import { explainAdminProblem } from './admin-words.ts';
import { useConsole } from './console-context.ts';

/** Does something at the gateway and says what came of it, unless the deed does; resolves with false where it failed. */
export type Act = (deed: () => Promise<unknown>, done?: string) => Promise<boolean>;

/** The means to do something. */
export function useAct(): Act {
  const { outcomes, explain } = useConsole();
  return useCallback(
    async (deed, done) => {
      try {
        await deed();
        if (done !== undefined) outcomes.tell({ tone: 'done', sentence: done });
        return true;
      } catch (cause) {
        outcomes.tell({ tone: 'problem', sentence: explainAdminProblem(explain(cause)) });
        return false;
      }
    },
    [outcomes, explain],
  );
}
