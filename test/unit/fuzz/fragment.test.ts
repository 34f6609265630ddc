import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFragment } from '../../../gateway/sdp/fragment.ts';
import { isPwd, isUfrag } from '../../../gateway/sdp/transport.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { sdpNoise } from '../../support/fuzz/sdp-noise.ts';
import { editText, textEdits } from '../../support/fuzz/text-edit.ts';
import { unlessRefused } from '../../support/sdp/refusal.ts';

const ufrags = fc.stringMatching(/^[A-Za-z0-9+/]{4,32}$/);
const pwds = fc.stringMatching(/^[A-Za-z0-9+/]{22,32}$/);
const addresses = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.uuid().map((name) => `${name}.local`),
  fc.domain(),
);
const candidates = fc
  .record({
    prefix: fc.constantFrom('', 'candidate:'),
    foundation: fc.stringMatching(/^[A-Za-z0-9+/]{1,32}$/),
    component: fc.constantFrom(0, 1, 2),
    transport: fc.constantFrom('udp', 'UDP', 'tcp', 'quic'),
    priority: fc.nat(),
    address: addresses,
    port: fc.integer({ min: 0, max: 65_535 }),
    type: fc.constantFrom('host', 'srflx', 'prflx', 'relay'),
    more: fc.constantFrom('', ' raddr 10.0.0.1 rport 9', ' generation 0 ufrag abcd', ' tcptype so'),
  })
  .map(
    (part) =>
      `a=candidate:${part.prefix}${part.foundation} ${part.component} ${part.transport} ` +
      `${part.priority} ${part.address} ${part.port} typ ${part.type}${part.more}`,
  );

const fragments = fc.record({
  ufrag: fc.option(ufrags, { nil: null }),
  pwd: fc.option(pwds, { nil: null }),
  head: fc.constantFrom(
    [],
    ['m=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0'],
    ['a=group:BUNDLE 0 1', 'm=audio 9 RTP/AVP 0', 'a=mid:video0'],
  ),
  lines: fc.array(candidates, { maxLength: 40 }),
  end: fc.boolean(),
  lineEnd: fc.constantFrom('\r\n', '\n'),
});

describe('an ICE fragment', () => {
  test('[HOSTILE-21] as clients write it is read, whatever it points at', () => {
    fc.assert(
      fc.property(fragments, ({ ufrag, pwd, head, lines, end, lineEnd }) => {
        const text = [
          ...(ufrag === null ? [] : [`a=ice-ufrag:${ufrag}`]),
          ...(pwd === null ? [] : [`a=ice-pwd:${pwd}`]),
          ...head,
          ...lines,
          ...(end ? ['a=end-of-candidates'] : []),
        ];
        fc.pre(text.length > 0);
        expect(readFragment(text.map((line) => line + lineEnd).join(''))).toMatchObject({
          ufrags: ufrag === null ? [] : [ufrag],
          pwds: pwd === null ? [] : [pwd],
          candidates: lines.length,
          endOfCandidates: end,
        });
      }),
      runs(300),
    );
  });

  test('[HOSTILE-05] is read or refused, and what is read is sound', () => {
    const valid = fc
      .tuple(ufrags, pwds, fc.array(candidates, { maxLength: 5 }))
      .map(([ufrag, pwd, lines]) =>
        [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, 'm=audio 9 RTP/AVP 0', ...lines, ''].join(
          '\r\n',
        ),
      );
    fc.assert(
      fc.property(valid, textEdits(fc.oneof(sdpNoise, candidates)), (text, edits) => {
        const fragment = unlessRefused(() => readFragment(editText(text, edits)));
        if (fragment === undefined) return;
        for (const ufrag of fragment.ufrags) expect(isUfrag(ufrag)).toBe(true);
        for (const pwd of fragment.pwds) expect(isPwd(pwd)).toBe(true);
      }),
      runs(1000),
    );
  });

  test('[HOSTILE-04] of arbitrary text is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        unlessRefused(() => readFragment(text));
      }),
      runs(300),
    );
  });
});
