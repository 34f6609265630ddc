/**
 * A recorded offer with the transport of a living peer in it (ICE credentials, fingerprint), at the
 * level where the client writes them, and with the payload types and SSRCs that the living peer sends
 * with (of a viewer Opus alone: by it the peer tells sound from pictures). All else stays as the client wrote it.
 */
export function revive(recorded: string, living: string): string {
  const transport = recorded
    .replaceAll(/^a=ice-ufrag:.*$/gm, lineOf(living, 'a=ice-ufrag:'))
    .replaceAll(/^a=ice-pwd:.*$/gm, lineOf(living, 'a=ice-pwd:'))
    .replaceAll(/^a=fingerprint:.*$/gm, lineOf(living, 'a=fingerprint:'));
  const lent = living.includes('a=sendonly') ? ['audio', 'video'] : ['audio'];
  return transport
    .split(/^(?=m=)/m)
    .map((section) => {
      const kind = lent.find((each) => section.startsWith(`m=${each} `));
      const own = living.split(/^(?=m=)/m).find((each) => each.startsWith(`m=${kind} `));
      return own === undefined ? section : lendMedia(section, own);
    })
    .join('');
}

function lendMedia(section: string, living: string): string {
  const types = new Map(
    typesOf(section).flatMap(([codec, type]) => {
      const lent = typesOf(living).find(([other]) => other === codec)?.[1];
      return lent === undefined ? [] : [[type, lent] as const];
    }),
  );
  const ssrcs = new Map(
    ssrcsOf(section).map((ssrc, index) => [ssrc, ssrcsOf(living)[index] ?? ssrc] as const),
  );
  const lend = (map: ReadonlyMap<string, string>) => (value: string) => map.get(value) ?? value;
  return section
    .replace(/^(m=\S+ \d+ \S+ )(.*)$/m, (_, head: string, list: string) =>
      head.concat(list.trim().split(' ').map(lend(types)).join(' ')),
    )
    .replaceAll(
      /^(a=(?:rtpmap|fmtp|rtcp-fb):)(\d+)/gm,
      (_, name: string, type: string) => name + lend(types)(type),
    )
    .replaceAll(/ apt=(\d+)/g, (_, type: string) => ` apt=${lend(types)(type)}`)
    .replaceAll(/^(a=ssrc:)(\d+)/gm, (_, name: string, ssrc: string) => name + lend(ssrcs)(ssrc))
    .replaceAll(/^(a=ssrc-group:FID )(.*)$/gm, (_, name: string, list: string) =>
      name.concat(list.trim().split(' ').map(lend(ssrcs)).join(' ')),
    );
}

/** `[codec in lower case, payload type]`. */
const typesOf = (section: string): (readonly [string, string])[] =>
  [...section.matchAll(/^a=rtpmap:(\d+) ([\w-]+)/gm)].map(
    ([, type = '', codec = '']) => [codec.toLowerCase(), type] as const,
  );

/** The source, then its retransmission, in whatever line they come first. */
const ssrcsOf = (section: string): readonly string[] => {
  const group = /^a=ssrc-group:FID (\d+) (\d+)/m.exec(section)?.slice(1) ?? [];
  const single = [...section.matchAll(/^a=ssrc:(\d+)/gm)].map(([, ssrc = '']) => ssrc);
  return [...new Set([...group, ...single])];
};

function lineOf(sdp: string, prefix: string): string {
  const line = sdp.split('\r\n').find((each) => each.startsWith(prefix));
  if (line === undefined) throw new Error(`the living offer has no ${prefix}`);
  return line;
}
