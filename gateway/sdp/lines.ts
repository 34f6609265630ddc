import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';

/** The `a=` lines of one section: name to values, in order of appearance. */
export type Attributes = ReadonlyMap<string, readonly string[]>;

/** One `m=` line (its value, without `m=`) and what stands below it. */
export interface MediaLines {
  readonly head: string;
  readonly attributes: Attributes;
}

/** A description cut into bounded lines; nothing in it is understood or trusted yet. */
export interface DescriptionLines {
  readonly session: Attributes;
  readonly media: readonly MediaLines[];
}

/** Splits an SDP text (CRLF or LF) within the caps; anything else is `sdp-malformed`. */
export function splitDescription(text: string): DescriptionLines {
  const lines = splitLines(text);
  if (lines[0] !== 'v=0') malformed('An SDP text starts with the line v=0.');
  const session = new Map<string, string[]>();
  const media: { head: string; attributes: Map<string, string[]> }[] = [];
  const seen = new Set<string>();
  let attributes = session;
  let linesInSection = 0;
  for (const line of lines) {
    const type = line[0] ?? '';
    if (type === 'm') {
      attributes = new Map();
      media.push({ head: line.slice(2), attributes });
      linesInSection = 0;
      if (media.length > LIMITS.mediaSections) {
        malformed(`The SDP has more than ${LIMITS.mediaSections} m-lines.`);
      }
    } else if (!(media.length === 0 ? SESSION_TYPES : MEDIA_TYPES).includes(type)) {
      malformed(`The SDP has a line of the type ${type}= where none belongs.`);
    }
    linesInSection += 1;
    if (linesInSection > LIMITS.sdpLinesPerSection) {
      malformed(`The SDP has more than ${LIMITS.sdpLinesPerSection} lines in one section.`);
    }
    if (type === 'a') addAttribute(attributes, line.slice(2));
    else if (ONCE.includes(type) && seen.has(type)) malformed(`The SDP has two ${type}= lines.`);
    seen.add(type);
  }
  return { session, media };
}

/** The bounded, non-blank `x=...` lines of a text without their line ends. */
export function splitLines(text: string): string[] {
  if (text.length > LIMITS.bodyBytes) malformed('The SDP is longer than 64 KiB.');
  if (FORBIDDEN.test(text)) malformed('The SDP holds a character that no SDP may hold.');
  const lines = text.split('\n');
  while (lines.at(-1) === '' || lines.at(-1) === '\r') lines.pop();
  if (lines.length === 0) malformed('The SDP is empty.');
  return lines.map((raw) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.length > LIMITS.sdpLineChars) {
      malformed(`The SDP has a line of more than ${LIMITS.sdpLineChars} characters.`);
    }
    if (line.includes('\r')) malformed('The SDP has a carriage return inside a line.');
    if (!/^[a-z]=/.test(line)) malformed('The SDP has a line that is not of the form x=value.');
    return line.trimEnd();
  });
}

/** The value of an attribute that may stand once in a section, `''` for a flag. */
export function single(attributes: Attributes, name: string): string | undefined {
  const [value, ...others] = attributes.get(name) ?? [];
  if (others.some((other) => other !== value)) {
    malformed(`One section of the SDP has two different a=${name} lines.`);
  }
  return value;
}

/** Refuses a description that cannot be read. */
export function malformed(message: string): never {
  throw new GatewayError('sdp-malformed', message);
}

function addAttribute(attributes: Map<string, string[]>, content: string): void {
  const colon = content.indexOf(':');
  const name = colon < 0 ? content : content.slice(0, colon);
  const value = colon < 0 ? '' : content.slice(colon + 1);
  const values = attributes.get(name);
  if (values) values.push(value);
  else attributes.set(name, [value]);
}

/** X04: C0, DEL, C1, U+2028/2029, surrogate halves, BOM and the mark of undecodable bytes. */
const FORBIDDEN =
  /[^\r\n\x20-\x7e\u{a0}-\u{2027}\u{202a}-\u{d7ff}\u{e000}-\u{fefe}\u{ff00}-\u{fffc}\u{10000}-\u{10ffff}]/u;

/** RFC 8866 §5: an unknown type letter refuses the whole description. */
const SESSION_TYPES = 'vosiuepcbtrzka';
const MEDIA_TYPES = 'icbka';
const ONCE = 'vos';
