const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)$/;

/** One m-line and what belongs to it. */
export interface Section {
  readonly kind: string;
  readonly port: number;
  readonly mid: string;
  readonly direction: string;
  readonly lines: readonly string[];
  /** Rejected (RFC 8829 §5.3.1): port 0 without bundle-only. */
  readonly accepted: boolean;
}

/** An SDP as far as the rules look at it. */
export interface Description {
  readonly session: readonly string[];
  readonly sections: readonly Section[];
  /** Mids of each BUNDLE group. */
  readonly bundles: readonly (readonly string[])[];
}

export function readDescription(sdp: string): Description {
  const [session = [], ...media] = sdp
    .split(/^(?=m=)/m)
    .map((part) => part.split(/\r?\n/).filter((line) => line !== ''));
  return {
    session,
    sections: media.map((lines) => readSection(lines, session)),
    bundles: valuesOf(session, 'a=group:BUNDLE').map((mids) => mids.split(' ').filter(Boolean)),
  };
}

/** What stands behind a prefix, on every line that has it. */
export function valuesOf(lines: readonly string[], prefix: string): readonly string[] {
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}

/** An attribute of a section, or else of the session. */
export function attribute(
  { session }: Description,
  section: Section | undefined,
  prefix: string,
): string | undefined {
  return valuesOf(section?.lines ?? [], prefix)[0] ?? valuesOf(session, prefix)[0];
}

/** All candidates, whichever level they stand at. */
export function candidatesOf({ session, sections }: Description): readonly string[] {
  return [session, ...sections.map(({ lines }) => lines)].flatMap((lines) =>
    valuesOf(lines, 'a=candidate:'),
  );
}

function readSection(lines: readonly string[], session: readonly string[]): Section {
  const [kind = '', port = ''] = (lines[0] ?? '').slice(2).split(' ');
  const direction = [...lines, ...session].find((line) => DIRECTION.test(line));
  return {
    kind,
    port: Number(port),
    mid: valuesOf(lines, 'a=mid:')[0] ?? '',
    direction: direction?.slice(2) ?? 'sendrecv',
    lines,
    accepted: Number(port) !== 0 || lines.includes('a=bundle-only'),
  };
}
