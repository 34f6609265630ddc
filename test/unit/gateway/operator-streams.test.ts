import { describe, expect, onTestFinished, test } from 'vitest';
import type { Grant } from '../../../gateway/auth/grant.ts';
import { EventBus } from '../../../gateway/events/event-bus.ts';
import type { OperatorSink, StreamFilter } from '../../../gateway/events/operator-stream.ts';
import { OperatorStreams } from '../../../gateway/events/operator-streams.ts';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import { aKeepingLogger } from '../../support/store/a-store.ts';
import { waitFor } from '../../support/wait-for.ts';

const OPERATOR = aGrant({ room: '*', can: ['operate'] });
const NO_FILTER: StreamFilter = { room: undefined, types: undefined };

class FakeSink implements OperatorSink {
  text = '';
  waiting = 0;
  state = 'open';
  write(text: string): void {
    this.text += text;
  }
  end(): void {
    this.state = 'ended';
  }
  destroy(): void {
    this.state = 'destroyed';
  }
  get names(): string[] {
    return [...this.text.matchAll(/^event: (.*)$/gm)].map(([, name = '']) => name);
  }
  /** As `EventSource` keeps it. */
  get lastId(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }
}

function aStage() {
  const bus = new EventBus({ ...aKeepingLogger(), now: Date.now });
  const streams = new OperatorStreams(bus);
  onTestFinished(() => streams.close());
  const open = (
    given: { grant?: Grant; filter?: Partial<StreamFilter>; lastId?: string } = {},
    sink = new FakeSink(),
  ) => {
    const { grant = OPERATOR, filter, lastId } = given;
    streams.open({ grant, filter: { ...NO_FILTER, ...filter }, lastId }, () => sink);
    return sink;
  };
  const tell = (room = 'demo') => bus.publish({ type: 'room.opened', room: aRoom(room), data: {} });
  const flushed = async (sink: FakeSink, id: string): Promise<void> => {
    await waitFor(() => sink.text.includes(`id: ${id}`), { what: `event ${id}` });
  };
  return { bus, streams, open, tell, flushed };
}

describe('streams of operators', () => {
  test('tell what happens in the rooms of the grant alone', async () => {
    const { bus, open, tell, flushed } = aStage();
    const all = open();
    const own = open({ grant: aGrant({ can: ['operate'] }) });
    const one = open({ filter: { room: aRoom('other') } });
    const typed = open({ filter: { types: new Set(['node.up'] as const) } });
    const place = { room: aRoom('demo'), source: aSource('b') };
    const some = open({ grant: aGrant({ can: ['operate'], sources: [aSource('a')] }) });
    tell('demo');
    tell('other');
    const host = { subject: 'a', kind: 'desktop', version: '1' };
    bus.publish({ type: 'host.online', ...place, data: host });
    const node = { node: 'n', version: null, detail: '' };
    const last = bus.publish({ type: 'node.up', data: node });
    await flushed(all, last.id);
    expect(all.names).toEqual(['room.opened', 'room.opened', 'host.online', 'node.up']);
    expect(own.names).toEqual(['room.opened', 'host.online']);
    expect(one.names).toEqual(['room.opened']);
    expect(typed.names).toEqual(['node.up']);
    expect(some.names).toEqual(['room.opened']);
  });

  test('[EVENT-23] go on after the last event that was heard, also by who heard none yet', async () => {
    const { open, tell, flushed } = aStage();
    const silent = open();
    const ids = ['a', 'b', 'c'].map((room) => tell(room).id);
    await flushed(silent, ids[2] ?? '');
    const again = open({ lastId: ids[0] ?? '' });
    expect(again.names).toEqual(['room.opened', 'room.opened']);
    expect(again.lastId).toBe(ids[2]);
    const nothingMissed = open({ lastId: again.lastId });
    expect(nothingMissed.names).toEqual([]);
    const first = silent.text.match(/^id: (.*)$/m)?.[1] ?? '';
    expect(open({ lastId: first }).names).toHaveLength(3);
  });

  test('[EVENT-24] tell that events were missed when they are not known any more', () => {
    const { open, tell } = aStage();
    const before = tell().id;
    for (let index = 0; index < LIMITS.eventsKept * 1.3; index += 1) tell();
    const last = tell().id;
    for (const lastId of [before, 'of another run', '']) {
      const sink = open({ lastId });
      expect(sink.names).toEqual(['reset']);
      expect(sink.lastId).toBe(last);
    }
  });

  test('[EVENT-25] end with their grant, and cut off who reads too slowly', async () => {
    const { streams, open, tell } = aStage();
    const [a, b] = [open(), open({ grant: aGrant({ subject: 'ben', can: ['operate'] }) })];
    streams.sweep(({ subject }) => (subject === 'ben' ? 'revoked' : undefined));
    expect([a.state, b.state]).toEqual(['open', 'ended']);
    a.waiting = LIMITS.operatorStreamBytes;
    tell();
    await waitFor(() => a.state === 'destroyed', { what: 'the slow reader to be cut off' });
    expect(streams.size).toBe(0);
  });

  test('are few, for each and in all', () => {
    const { streams, open } = aStage();
    const grant = (subject: string): Grant => ({ ...OPERATOR, subject });
    for (let n = 0; n < LIMITS.operatorStreamsPerSubject; n += 1) open();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'too-many-sessions' }));
    for (let n = 0; streams.size < LIMITS.operatorStreams; n += 1) open({ grant: grant(`${n}`) });
    expect(() => open({ grant: grant('x') })).toThrow(
      expect.objectContaining({ code: 'capacity' }),
    );
  });
});
