import { z } from 'zod';
import { ControlPolicyChange } from '../control.ts';
import { ControlAction, ControlView } from '../control-record.ts';
import { RoomId, SourceId } from '../ids.ts';
import { operation } from './operation.ts';

const tag = 'Control';
const params = z.object({ room: RoomId, source: SourceId });
const path = '/api/v1/rooms/:room/hosts/:source/control';

export const getControl = operation({
  id: 'getControl',
  method: 'GET',
  path,
  tag,
  summary: 'Who controls a host, who is there, and what came before',
  access: 'operate',
  params,
  reply: ControlView,
});

export const changeControlPolicy = operation({
  id: 'changeControlPolicy',
  method: 'PATCH',
  path,
  tag,
  summary: 'Change who may hold control of a host, and for how long',
  access: 'operate',
  params,
  body: ControlPolicyChange,
  reply: ControlView,
  errors: ['capacity'],
});

export const actOnControl = operation({
  id: 'actOnControl',
  method: 'POST',
  path,
  tag,
  summary: 'Give control of a host to a viewer, or end it',
  access: 'operate',
  params,
  body: ControlAction,
  reply: ControlView,
  errors: ['control-refused'],
});
