import { LISTED, type ControlView } from '../../protocol/control-record.ts';
import type { ControlDesk } from './control-desk.ts';

/** A desk as administrators see it. */
export function controlView(desk: ControlDesk): ControlView {
  const members = [...desk.members];
  return {
    state: desk.message(),
    people: members.slice(0, LISTED.people).map((member) => ({
      viewer: member.viewer,
      name: member.name,
      subject: member.grant.subject,
      rank: member.rank,
      since: member.since,
      rttMs: member.channel?.rttMs ?? null,
      present: member.channel !== null,
    })),
    peopleCount: members.length,
    history: [...desk.history],
  };
}
