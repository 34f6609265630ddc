import { isGlobalAdmin, mayDo, mayOperate, type Grant } from '../../auth/grant.ts';
import type { Rank } from '../../protocol/control.ts';
import type { SourcePlace } from '../hosts/source-place.ts';

/** What a grant makes of its bearer in the control of a source. */
export function rankOf(grant: Grant, { room, source }: SourcePlace): Rank {
  if (isGlobalAdmin(grant)) return 'admin';
  if (mayOperate(grant, room)) return 'owner';
  return mayDo(grant, 'control', room, source) ? 'viewer' : 'watcher';
}
