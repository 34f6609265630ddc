import { expect, test } from 'vitest';
import { Members, type Entrant } from '../../../../gateway/rooms/control/members.ts';

const anEntrant = (subject: string, name?: string): Entrant =>
  ({ grant: { subject }, rank: 'viewer', channel: null, name, resume: undefined }) as never;

test('who calls itself otherwise leaves its name to others, and gets none that is taken', () => {
  const members = new Members();
  const anna = members.add(anEntrant('anna'), 0);
  const ben = members.add(anEntrant('ben'), 0);
  expect(members.rename(anna, 'Ben')).toBe(true);
  expect(anna.name).toBe('Ben 2');
  expect(members.rename(ben, 'ben')).toBe(false);
  expect(members.add(anEntrant('anna'), 0).name).toBe('anna');
});
