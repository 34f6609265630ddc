import { describe, expect, it } from 'vitest';
import { findLink } from '../../../web/core/link-header.ts';

const REL = 'urn:ietf:params:whep:ext:core:server-sent-events';
const ICE = '<turn:a.test:3478?transport=udp>; rel="ice-server"; username="u"; credential="c"';

describe('findLink', () => {
  it('finds a relation among lines that the browser joined', () => {
    const header = `${ICE}, <https://a.test/events/x>; rel="${REL}"; events="active,inactive", ${ICE}`;
    const link = findLink(header, REL);
    expect(link?.target).toBe('https://a.test/events/x');
    expect(link?.parameters.get('events')).toBe('active,inactive');
  });

  it.each([
    ['no blanks', `</events/x>;rel="${REL}"`],
    ['parameters before rel', `</events/x>; events="active"; rel="${REL}"`],
    ['a bare value', `</events/x>; rel=${REL}`],
    ['several relations', `</events/x>; rel="other ${REL}"`],
    ['an upper-case name', `</events/x>; REL="${REL}"`],
  ])('takes %s', (_, header) => {
    expect(findLink(header, REL)?.target).toBe('/events/x');
  });

  it.each([
    ['no header', null],
    ['nothing', ''],
    ['another relation', ICE],
    ['a relation that begins alike', `</events/x>; rel="${REL}x"`],
    ['the relation as text of another value', `</events/x>; rel="a"; title="rel=${REL}"`],
    ['no target', `rel="${REL}"`],
  ])('finds nothing in %s', (_, header) => {
    expect(findLink(header, REL)).toBeNull();
  });
});
