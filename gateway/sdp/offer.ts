import { GatewayError } from '../errors.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import { malformed, splitDescription, type Attributes } from './lines.ts';
import {
  isAudioOrVideo,
  readSection,
  readSessionDefaults,
  type OfferSection,
  type SectionDraft,
} from './offer-section.ts';
import { toTransport, type Transport } from './transport.ts';

/** A client's offer, read and found acceptable: nothing in it is unchecked text. */
export interface Offer extends Transport {
  readonly kind: SessionKind;
  /** Every m-line, in the order that the answer must keep. */
  readonly sections: readonly OfferSection[];
  /** The mids of the client's BUNDLE group that it offers; empty without a group. */
  readonly bundle: readonly string[];
  /** Every ICE ufrag of the offer: a trickle fragment with another one asks for a restart. */
  readonly ufrags: readonly string[];
}

/** Reads a WHIP or WHEP offer; throws the GatewayError that the client is to see. */
export function readOffer(text: string, kind: SessionKind): Offer {
  const { session, media } = splitDescription(text);
  if (media.length === 0) malformed('The SDP has no m-line.');
  const defaults = readSessionDefaults(session);
  const drafts = media.map((lines) => readSection(lines, defaults, kind));
  refuseDoubleMids(drafts);
  const group = readBundle(session);
  const offered = drafts.filter((draft) => isOffered(draft, group));
  const forwarded = chooseForwarded(offered, kind);
  for (const draft of forwarded) checkSection(draft, kind, forwarded);
  if (kind === 'publish') checkStreams(forwarded);
  checkBundle(forwarded, group);

  const bundled = (group ?? []).flatMap((mid) => offered.find((draft) => draft.mid === mid) ?? []);
  const tagged = bundled.find((draft) => forwarded.includes(draft)) ?? forwarded[0];
  if (!tagged) unacceptable('The offer has no audio and no video m-line that could be served.');
  return {
    kind,
    sections: nameSections(drafts, forwarded),
    bundle: bundled.flatMap(({ mid }) => mid ?? []),
    ufrags: [...new Set(drafts.flatMap((draft) => draft.transport.ufrag ?? []))],
    ...toTransport(tagged.transport),
  };
}

/** An m-line with port 0 is rejected by the client itself, unless it is only to be bundled. */
function isOffered(draft: SectionDraft, group: readonly string[] | null): boolean {
  if (draft.port !== 0) return true;
  return draft.bundleOnly && draft.mid !== null && group?.includes(draft.mid) === true;
}

/** One audio and one video m-line at most; a player's further ones are answered as rejected. */
function chooseForwarded(offered: readonly SectionDraft[], kind: SessionKind): SectionDraft[] {
  const chosen: SectionDraft[] = [];
  for (const draft of offered) {
    if (draft.media === 'application') continue;
    const second = chosen.some((other) => other.media === draft.media);
    if (kind === 'publish' && second) {
      unacceptable(`The offer has two ${draft.media} m-lines; publish one ${draft.media} track.`);
    }
    if (kind === 'publish' && !isAudioOrVideo(draft.media)) {
      unacceptable(`The offer has an m-line of the kind ${draft.media}; publish audio and video.`);
    }
    if (!second && isAudioOrVideo(draft.media)) chosen.push(draft);
  }
  return chosen;
}

function checkSection(
  draft: SectionDraft,
  kind: SessionKind,
  forwarded: readonly SectionDraft[],
): void {
  if (!PROTOCOLS.has(draft.protocol) || draft.attributes.has('crypto')) {
    unacceptable(
      'The offer asks for media without DTLS; offer UDP/TLS/RTP/SAVPF without a=crypto.',
    );
  }
  if (!draft.muxed && !(draft.bundleOnly && forwarded.some((other) => other.muxed))) {
    unacceptable('The offer has an m-line without a=rtcp-mux; RTP and RTCP must share a port.');
  }
  const wrong = kind === 'publish' ? 'recvonly' : 'sendonly';
  if (draft.direction === wrong || draft.direction === 'inactive') {
    const right = kind === 'publish' ? 'sendonly to publish' : 'recvonly to watch';
    unacceptable(`The ${draft.media} m-line is ${draft.direction}; offer it as ${right}.`);
  }
}

/** RFC 9725 §4.4.2: one MediaStream. A client that names none is let through (WHIP-11). */
function checkStreams(forwarded: readonly SectionDraft[]): void {
  const streams = new Set(
    forwarded.flatMap(({ attributes }) =>
      (attributes.get('msid') ?? []).map((msid) => msid.split(' ', 1)[0] ?? ''),
    ),
  );
  streams.delete('-');
  if (streams.size > 1) {
    unacceptable('The offer has tracks of two MediaStreams; put all tracks into one.');
  }
}

/** The mids of the BUNDLE group, or null without one; `a=group:LS` (OBS) is no concern of ours. */
function readBundle(session: Attributes): readonly string[] | null {
  const groups = (session.get('group') ?? []).map((group) => group.split(' '));
  const [bundle, ...others] = groups.filter(([semantics]) => semantics === 'BUNDLE');
  if (others.length > 0) malformed('The offer has two BUNDLE groups; put every m-line into one.');
  return bundle ? [...new Set(bundle.slice(1))] : null;
}

/** One m-line needs no group (simple-whip-client); several must share one transport. */
function checkBundle(forwarded: readonly SectionDraft[], group: readonly string[] | null): void {
  if (forwarded.length < 2) return;
  if (!forwarded.every(({ mid }) => mid !== null && group?.includes(mid) === true)) {
    unacceptable('The audio and video m-lines are not in one BUNDLE group; offer max-bundle.');
  }
}

function refuseDoubleMids(drafts: readonly SectionDraft[]): void {
  const mids = drafts.flatMap(({ mid }) => mid ?? []);
  if (new Set(mids).size < mids.length) malformed('Two m-lines have the same a=mid.');
}

function nameSections(
  drafts: readonly SectionDraft[],
  forwarded: readonly SectionDraft[],
): OfferSection[] {
  const taken = new Set(drafts.map(({ mid }) => mid));
  return drafts.map((draft, index) => {
    let upstreamMid = draft.mid ?? String(index);
    while (draft.mid === null && taken.has(upstreamMid)) upstreamMid = `0${upstreamMid}`;
    taken.add(upstreamMid);
    const { media, protocol, formats, mid, payloads, extensions, ssrc, layers, reducedRtcp } =
      draft;
    return {
      media,
      forwarded: forwarded.includes(draft),
      protocol,
      formats,
      mid,
      upstreamMid,
      payloads,
      extensions,
      ssrc,
      layers,
      reducedRtcp,
    };
  });
}

function unacceptable(message: string): never {
  throw new GatewayError('offer-unacceptable', message);
}

/** RFC 8829 §5.1.2, the profiles that key SRTP by DTLS. */
const PROTOCOLS: ReadonlySet<string> = new Set(['UDP/TLS/RTP/SAVPF', 'TCP/DTLS/RTP/SAVPF']);
