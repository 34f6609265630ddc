import { z } from 'zod';
import { RevocationRequest, RevocationView } from '../revocation.ts';
import { operation } from './operation.ts';
import { items } from './page.ts';

const path = '/api/v1/revocations';
const tag = 'Tokens';

export const listRevocations = operation({
  id: 'listRevocations',
  method: 'GET',
  path,
  tag,
  summary: 'Tokens that were taken back and have not run out',
  description: 'Of the rooms that the caller administers.',
  access: 'admin',
  reply: items(RevocationView),
});

export const createRevocation = operation({
  id: 'createRevocation',
  method: 'POST',
  path,
  tag,
  summary: 'Take back one token, or all that a subject was given until now',
  description: 'Its sessions end at once. The admin of a room must name that room.',
  access: 'admin',
  body: RevocationRequest,
  reply: RevocationView,
  status: 201,
});

export const deleteRevocation = operation({
  id: 'deleteRevocation',
  method: 'DELETE',
  path: `${path}/:id`,
  tag,
  summary: 'Let a token count again',
  access: 'admin',
  params: z.object({ id: z.string() }),
  reply: null,
});
