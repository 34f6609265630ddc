import { useState } from 'react';
import { changeUser } from '../../../gateway/protocol/api/users.ts';
import type { UserView } from '../../../gateway/protocol/api/users.ts';
import { Role } from '../../../gateway/protocol/role.ts';
import { Choice } from '../../ui/choice.tsx';
import { useConsole } from '../console-context.ts';
import { readRooms, showRooms } from '../core/read-rooms.ts';
import { roleNames } from '../role-words.ts';
import { Form } from './form.tsx';
import { Modal } from './modal.tsx';
import { TextField } from './text-field.tsx';

/** Changes an account; whoever is logged in by it is logged out. */
export function UserChangeForm({
  user,
  onEnd,
  onChanged,
}: {
  readonly user: UserView;
  readonly onEnd: () => void;
  readonly onChanged: () => void;
}) {
  const { api, outcomes } = useConsole();
  const [wish, setWish] = useState({ ...user, rooms: showRooms(user.rooms), password: '' });
  const submit = async () => {
    const { role, rooms, disabled, password } = wish;
    await api.call(changeUser, {
      params: { id: user.id },
      body: { role, disabled, rooms: readRooms(rooms), ...(password === '' ? {} : { password }) },
      ifMatch: `"${user.version}"`,
    });
    outcomes.tell({ tone: 'done', sentence: `${user.name} was changed.` });
    onChanged();
  };
  return (
    <Modal title={`Change ${user.name}`} testId="user-change" onEnd={onEnd}>
      <p className="hint">Their logins end, and what they gave to others.</p>
      <Form action="Save" testId="user-change-form" submit={submit}>
        <Choice
          name="Role"
          testId="change-role"
          options={Role.options}
          value={wish.role}
          show={(role) => roleNames[role]}
          onChange={(role) => setWish({ ...wish, role })}
        />
        <TextField
          name="Rooms"
          testId="change-rooms"
          value={wish.rooms}
          onChange={(rooms) => setWish({ ...wish, rooms })}
        />
        <TextField
          name="New password, or empty"
          testId="change-password"
          type="password"
          value={wish.password}
          maxLength={256}
          onChange={(password) => setWish({ ...wish, password })}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={wish.disabled}
            data-testid="change-disabled"
            onChange={({ target }) => setWish({ ...wish, disabled: target.checked })}
          />
          Locked out
        </label>
        <button type="button" onClick={onEnd}>
          Cancel
        </button>
      </Form>
    </Modal>
  );
}
