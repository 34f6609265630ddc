import { IceServerList } from '../ice.ts';
import { IceSourceView } from '../ice-sources.ts';
import { operation } from './operation.ts';
import { items } from './page.ts';

const tag = 'ICE';

export const listIceServers = operation({
  id: 'listIceServers',
  method: 'GET',
  path: '/api/v1/ice-servers',
  tag,
  summary: 'STUN and TURN servers, as RTCPeerConnection takes them',
  description: 'With any valid token; credentials are its own.',
  access: 'look',
  reply: IceServerList,
});

export const listIceSources = operation({
  id: 'listIceSources',
  method: 'GET',
  path: '/api/v1/ice-sources',
  tag,
  summary: 'Where STUN and TURN servers come from, and how that fares',
  access: 'global-admin',
  reply: items(IceSourceView),
});

export const probeIceSources = operation({
  id: 'probeIceSources',
  method: 'POST',
  path: '/api/v1/ice-sources/probe',
  tag,
  summary: 'Try every STUN and TURN server from the gateway',
  access: 'global-admin',
  reply: items(IceSourceView),
});
