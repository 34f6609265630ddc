import { useState } from 'react';
import { diaryEntries } from '../core/diary-entries.ts';
import { DiaryList } from '../diary/diary-list.tsx';
import type { WhepClient } from '../core/whep-client.ts';
import { useObservable } from '../ui/use-observable.ts';
import { usePolled } from '../ui/use-polled.ts';
import type { Watched } from './watched.ts';

/** The way of this page's WebRTC session, as far as the gateway and this page saw it. */
export function WatchDiary({
  whep,
  diaryApi,
}: {
  readonly whep: WhepClient;
  readonly diaryApi: Watched['diaryApi'];
}) {
  const steps = useObservable(whep.join.steps);
  const [read] = useState(() => async () => {
    const { session } = whep.join.steps.value;
    return session === null ? null : { session, diary: await diaryApi.read(session) };
  });
  const known = usePolled(read, 2000);
  const isSame = known !== null && known.session === steps.session;
  const entries = diaryEntries(isSame ? (known.diary?.entries ?? []) : [], steps);
  // WebRTC was not tried.
  if (entries.length === 0 && steps.problem === null) return null;
  return <DiaryList entries={entries} problem={steps.problem} />;
}
