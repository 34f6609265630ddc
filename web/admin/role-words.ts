import type { Action } from '../../gateway/protocol/grant.ts';
import type { Role } from '../../gateway/protocol/role.ts';
import type { InvitationRights } from '../../gateway/protocol/api/invitations.ts';

/** Roles of accounts. */
export const roleNames: Record<Role, string> = {
  admin: 'Administrator',
  operator: 'Operator',
  presenter: 'Presenter',
  viewer: 'Viewer',
};

/** What tokens allow. */
export const actionNames: Record<Action, string> = {
  publish: 'share',
  watch: 'watch',
  control: 'control',
  host: 'host',
  operate: 'operate',
  admin: 'administer',
};

/** What guests may do. */
export const rightsNames: Record<InvitationRights, string> = {
  view: 'Watch',
  control: 'Watch and control',
  present: 'Share, watch and control',
};
