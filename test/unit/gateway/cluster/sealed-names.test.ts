import { describe, expect, test } from 'vitest';
import { PeerPasses } from '../../../../gateway/cluster/peer-pass.ts';
import { SealedNames } from '../../../../gateway/cluster/sealed-names.ts';
import { RoomId } from '../../../../gateway/protocol/ids.ts';
import { ViewerMessage } from '../../../../gateway/protocol/viewer.ts';

const names = (secret = 'a secret'): SealedNames =>
  new SealedNames(new PeerPasses(secret, () => 0));
const LONGEST = RoomId.parse('r'.repeat(64));

describe('[CLUSTER-30] the name of a session in a room with the longest name there is', () => {
  const session = names().capability(LONGEST);

  test.each([
    { type: 'viewer/watching', source: 'main', session },
    {
      ...{ type: 'viewer/steps', session, problem: null },
      ...{ stun: 1, dtls: 2, rtp: 3, frame: 4 },
    },
  ])('is taken in $type', (message) => {
    expect(ViewerMessage.safeParse(message).success).toBe(true);
  });

  test('says its room to who has the secret, and to nobody else', () => {
    expect(names().roomOfCapability(session)).toBe(LONGEST);
    expect(names('another').roomOfCapability(session)).toBeUndefined();
    expect(
      names().roomOfCapability(`${session.slice(0, -1)}${session.endsWith('A') ? 'B' : 'A'}`),
    ).toBe(undefined);
  });
});

test('[CLUSTER-30] a name longer than any is refused where messages have one', () => {
  const session = 'x'.repeat(129);
  const message = { type: 'viewer/watching', source: 'main', session };
  expect(ViewerMessage.safeParse(message).success).toBe(false);
});
