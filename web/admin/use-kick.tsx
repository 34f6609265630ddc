import { useCallback } from 'react';
import { kickSession } from '../../gateway/protocol/api/sessions.ts';
import type { SessionView } from '../../gateway/protocol/api/sessions.ts';
import { useConsole } from './console-context.ts';
import type { Question } from './parts/confirm.tsx';
import { useAct } from './use-act.ts';

type Kicked = Pick<SessionView, 'id' | 'subject' | 'room' | 'kind'>;

/** The question before somebody is sent out of a room, with a ban as its option. */
export function useKick(): (session: Kicked) => Question {
  const { api } = useConsole();
  const act = useAct();
  return useCallback(
    ({ id, subject, room, kind }) => ({
      title: `Kick ${subject}?`,
      text: (
        <p>
          {kind === 'publish'
            ? `What ${subject} shares in ${room} ends at once, for everybody who watches it.`
            : `${subject} is sent out of ${room} at once and reads why.`}
        </p>
      ),
      action: 'Kick',
      option: { name: 'Ban, until the token runs out', testId: 'ban' },
      act: (ban) =>
        act(
          () => api.call(kickSession, { params: { id }, query: { ban: ban ? 'true' : 'false' } }),
          ban ? `${subject} was removed and banned.` : `${subject} was removed.`,
        ),
    }),
    [api, act],
  );
}
