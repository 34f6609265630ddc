import { z } from 'zod';
import { PeerView } from '../signal/peer-view.ts';
import { operation } from './operation.ts';
import { items } from './page.ts';

const tag = 'Peers';

export const listPeers = operation({
  id: 'listPeers',
  method: 'GET',
  path: '/api/v1/peers',
  tag,
  summary: 'Who is in direct sessions at this gateway',
  description: 'Of the rooms that the caller may steer.',
  access: 'operate',
  reply: items(PeerView),
});

export const kickPeer = operation({
  id: 'kickPeer',
  method: 'DELETE',
  path: '/api/v1/peers/:id',
  tag,
  summary: 'End what a peer has in a direct session',
  access: 'operate',
  params: z.object({ id: z.string() }),
  reply: null,
  errors: ['session-not-found'],
});
