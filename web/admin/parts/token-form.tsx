import { useState } from 'react';
import { mintToken } from '../../../gateway/protocol/api/tokens.ts';
import { Action } from '../../../gateway/protocol/grant.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { useConsole } from '../console-context.ts';
import { readRoom } from '../core/read-rooms.ts';
import { actionNames } from '../role-words.ts';
import { Card } from './card.tsx';
import { Form } from './form.tsx';
import { LIFETIMES, LifetimeChoice } from './lifetime-choice.tsx';
import { TextField } from './text-field.tsx';

interface Wish {
  readonly sub: string;
  readonly room: string;
  readonly can: readonly Action[];
  readonly hours: number;
}

const EMPTY: Wish = { sub: '', room: '', can: ['publish'], hours: LIFETIMES[2] };

/** Makes a bare token, for programs such as OBS or host-publisher. */
export function TokenForm({ onMade }: { readonly onMade: () => void }) {
  const { api } = useConsole();
  const [wish, setWish] = useState(EMPTY);
  const [token, setToken] = useState<string | null>(null);
  const submit = async () => {
    const { sub, room, can, hours } = wish;
    const where = room.trim() === '*' ? ('*' as const) : readRoom(room);
    const body = { sub, room: where, can: [...can], ttlSeconds: hours * 3600 };
    setToken((await api.call(mintToken, { body })).token);
    onMade();
  };
  const toggle = (action: Action, isWanted: boolean) =>
    setWish({
      ...wish,
      can: Action.options.filter((each) => (each === action ? isWanted : wish.can.includes(each))),
    });
  return (
    <Card title="New token" hint="For programs: OBS, FFmpeg, host-publisher, the API.">
      <Form action="Make token" testId="token-form" submit={submit}>
        <TextField
          name="Room, or * for all"
          testId="token-room"
          value={wish.room}
          required
          onChange={(room) => setWish({ ...wish, room })}
        />
        <TextField
          name="Name of the program"
          testId="token-who"
          value={wish.sub}
          required
          maxLength={128}
          onChange={(sub) => setWish({ ...wish, sub })}
        />
        <LifetimeChoice
          name="Valid for"
          testId="token-hours"
          hours={wish.hours}
          onChange={(hours) => setWish({ ...wish, hours })}
        />
        <fieldset className="whole checks">
          <legend>It may</legend>
          {Action.options.map((action) => (
            <label key={action} className="check">
              <input
                type="checkbox"
                checked={wish.can.includes(action)}
                data-testid={`token-${action}`}
                onChange={({ target }) => toggle(action, target.checked)}
              />
              {actionNames[action]}
            </label>
          ))}
        </fieldset>
      </Form>
      {token !== null && <CopyField label="Token, shown this once" testId="token" value={token} />}
    </Card>
  );
}
