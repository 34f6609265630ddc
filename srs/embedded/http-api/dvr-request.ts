import type { Dvr } from '../dvr/dvr.ts';
import type { ApiRequest } from './api-request.ts';

/**
 * `PUT` or `DELETE /api/v1/dvr?app=…&stream=…`: names that `dvr_apply` covers from now on, or no
 * longer; without `stream` all of the app. `GET` lists them. False when no app is named.
 */
export function applyDvr(dvr: Dvr, { method, query }: ApiRequest): boolean {
  if (method === 'GET') return true;
  const app = query.get('app') ?? '';
  const stream = query.get('stream') ?? '';
  if (app === '') return false;
  const name = stream === '' ? null : stream;
  if (method === 'PUT') dvr.apply(app, name);
  else dvr.release(app, name);
  return true;
}
