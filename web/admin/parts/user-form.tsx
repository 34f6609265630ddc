import { useState } from 'react';
import { createUser } from '../../../gateway/protocol/api/users.ts';
import { Role } from '../../../gateway/protocol/role.ts';
import { Choice } from '../../ui/choice.tsx';
import { useConsole } from '../console-context.ts';
import { readRooms } from '../core/read-rooms.ts';
import { roleNames } from '../role-words.ts';
import { Card } from './card.tsx';
import { Form } from './form.tsx';
import { TextField } from './text-field.tsx';

interface Wish {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly rooms: string;
}

const EMPTY: Wish = { name: '', password: '', role: 'viewer', rooms: '*' };

/** Makes an account. */
export function UserForm({ onMade }: { readonly onMade: () => void }) {
  const { api, outcomes } = useConsole();
  const [wish, setWish] = useState(EMPTY);
  const submit = async () => {
    const { rooms, ...rest } = wish;
    const { name } = await api.call(createUser, { body: { ...rest, rooms: readRooms(rooms) } });
    outcomes.tell({ tone: 'done', sentence: `${name} can log in now.` });
    setWish(EMPTY);
    onMade();
  };
  return (
    <Card title="New account">
      <Form action="Create" testId="user-form" submit={submit}>
        <TextField
          name="Name"
          testId="user-name"
          value={wish.name}
          required
          maxLength={64}
          onChange={(name) => setWish({ ...wish, name })}
        />
        <TextField
          name="Password, at least 12 characters"
          testId="user-password"
          type="password"
          value={wish.password}
          required
          maxLength={256}
          onChange={(password) => setWish({ ...wish, password })}
        />
        <Choice
          name="Role"
          testId="user-role"
          options={Role.options}
          value={wish.role}
          show={(role) => roleNames[role]}
          onChange={(role) => setWish({ ...wish, role })}
        />
        <TextField
          name="Rooms: names with commas, or * for all"
          testId="user-rooms"
          value={wish.rooms}
          onChange={(rooms) => setWish({ ...wish, rooms })}
        />
      </Form>
    </Card>
  );
}
