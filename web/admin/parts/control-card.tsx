import { changeControlPolicy } from '../../../gateway/protocol/api/control.ts';
import type { ControlView } from '../../../gateway/protocol/control-record.ts';
import type { ControlPolicy, ControlPolicyChange } from '../../../gateway/protocol/control.ts';
import type { RoomId, SourceId } from '../../../gateway/protocol/ids.ts';
import { showDuration } from '../../ui/quantity.ts';
import { PolicyForm } from '../../watch/control/policy-form.tsx';
import { useConsole } from '../console-context.ts';
import { useAct } from '../use-act.ts';
import { Card } from './card.tsx';
import { ControlHistory } from './control-history.tsx';
import { Facts } from './facts.tsx';

/** Who may control a host of a room, for how long, and who did. */
export function ControlCard({
  room,
  source,
  control: { state, history },
  onChanged,
}: {
  readonly room: RoomId;
  readonly source: SourceId;
  readonly control: ControlView;
  readonly onChanged: () => Promise<void>;
}) {
  const { api } = useConsole();
  const act = useAct();
  const change = async (body: ControlPolicyChange) => {
    const params = { room, source };
    await act(() => api.call(changeControlPolicy, { params, body }), 'It counts at once.');
    await onChanged();
  };
  return (
    <Card title={`Control of ${source}`} testId="control-card">
      <PolicyForm policy={state.policy} change={(policy) => void change(policy)} />
      <Facts facts={factsOf(state.policy, state.queueLength)} />
      <ControlHistory label={`Who had control of ${source}`} history={history} />
    </Card>
  );
}

const factsOf = ({ idleMs, graceMs, denyMs, maxQueue }: ControlPolicy, waiting: number) =>
  [
    ['Goes on after no input for', idleMs === null ? 'never' : showDuration(idleMs)],
    ['Kept for who lost the connection', showDuration(graceMs)],
    ['Who was denied asks again after', showDuration(denyMs)],
    ['Wait now', `${waiting}, at most ${maxQueue}`],
  ] as const;
