import type { SourceView } from '../../gateway/protocol/api/rooms.ts';
import { endSource, freeSource } from '../../gateway/protocol/api/sources.ts';
import type { RoomId } from '../../gateway/protocol/ids.ts';
import { useConsole } from './console-context.ts';
import type { Question } from './parts/confirm.tsx';
import { useAct } from './use-act.ts';

/** The question before a source is ended. */
export function useEndSource(): (room: RoomId, view: SourceView) => Question {
  const { api } = useConsole();
  const act = useAct();
  return (room, { source }) => ({
    title: `End ${source} of ${room}?`,
    text: <p>Who shares it is sent away, and everybody who watches it sees the end.</p>,
    action: 'End it',
    option: { name: 'Ban who shares it, until the token runs out', testId: 'ban' },
    act: (ban) =>
      act(
        () =>
          api.call(endSource, {
            params: { room, source },
            query: { ban: ban ? 'true' : 'false' },
          }),
        `${source} was ended.`,
      ),
  });
}

/** The question before a name is freed that a media server keeps busy. */
export function useFreeSource(): (room: RoomId, source: SourceView['source']) => Question {
  const { api, outcomes } = useConsole();
  const act = useAct();
  return (room, source) => ({
    title: `Free the name ${source} of ${room}?`,
    text: (
      <p>
        A media server may still hold the name of a publisher that vanished. What holds it is thrown
        out there, so that the next one can begin.
      </p>
    ),
    action: 'Free the name',
    act: () =>
      act(async () => {
        const { freed } = await api.call(freeSource, { params: { room, source } });
        const sentence =
          freed.length === 0 ? `Nothing held the name ${source}.` : `The name ${source} is free.`;
        outcomes.tell({ tone: 'done', sentence });
      }),
  });
}
