import type { AuditView } from '../protocol/api/audit.ts';
import type { AdminAct, ControlEntry, HostCommanded } from './audit-log.ts';
import type { Refusal } from './refusal.ts';
import type { RefusalCount } from './refusal-tally.ts';

/** One record as it is searched: what the log's line says. */
export type AuditRecord = Omit<AuditView, 'id' | 'at'>;

const NOBODY = { by: null, room: null, address: null, request: null };

export const refusalRecord = (refusal: Refusal): AuditRecord => {
  const { room, address, subject, request, ...detail } = refusal;
  return {
    act: 'refused',
    by: subject ?? null,
    room: room ?? null,
    address,
    request: request ?? null,
    detail,
  };
};

export const countRecord = ({ address, ...detail }: RefusalCount): AuditRecord => ({
  ...NOBODY,
  act: 'refused-more',
  address: address ?? null,
  detail,
});

export const actRecord = ({ act, by, address, request, target }: AdminAct): AuditRecord => ({
  act,
  by,
  room: typeof target['room'] === 'string' ? target['room'] : null,
  address,
  request: request ?? null,
  detail: plain(target),
});

export const commandRecord = ({ room, subject, ...detail }: HostCommanded): AuditRecord => ({
  ...NOBODY,
  act: 'host-command',
  by: subject,
  room,
  detail,
});

export const controlRecord = ({ control, room, ...detail }: ControlEntry): AuditRecord => ({
  ...NOBODY,
  act: `control-${control}`,
  by: nameOf(detail['by']) ?? nameOf(detail['subject']),
  room,
  detail: plain(detail),
});

const nameOf = (word: unknown): string | null => (typeof word === 'string' ? word : null);

/** As JSON has it: without what is undefined. */
const plain = (
  members: Readonly<Record<string, string | number | readonly string[] | null | undefined>>,
): AuditRecord['detail'] => JSON.parse(JSON.stringify(members)) as AuditRecord['detail'];
