import { expect, test } from 'vitest';
import { RoomId } from '../../../../gateway/protocol/ids.ts';
import { isByPolicy } from '../../../../gateway/recordings/recording-policy.ts';

test.each([
  ['lesson', ['lesson'], true],
  ['lesson-1', ['lesson'], false],
  ['lesson-1', ['lesson-*'], true],
  ['lesson', ['lesson-*'], false],
  ['my-lesson-1', ['lesson-*'], false],
  ['Lesson-1', ['lesson-*'], false],
  ['exam', ['lesson-*', 'exam'], true],
  ['exam', [], false],
])('[REC-95] whether %s is recorded where the rooms are %j: %s', (room, rooms, recorded) => {
  const of = (mode: 'off' | 'on-demand' | 'all') => isByPolicy({ mode, rooms }, RoomId.parse(room));
  expect(of('on-demand')).toBe(recorded);
  expect(of('all')).toBe(true);
  expect(of('off')).toBe(false);
});
