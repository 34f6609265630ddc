import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

const TEMPLATES = { publish: load('chromium-publish'), watch: load('chromium-watch') };

/** The offer that Chromium 156 makes for audio and video, with ICE credentials and SSRCs of its own. */
export function chromiumOffer(kind: 'publish' | 'watch'): string {
  return withFreshIdentity(TEMPLATES[kind]).replace(/\n/g, '\r\n');
}

/** An offer with other ICE credentials and SSRCs: two of the same would be one client to a server. */
export function withFreshIdentity(sdp: string): string {
  const ufrag = randomBytes(3).toString('base64');
  const password = randomBytes(18).toString('base64');
  const ssrcs = new Map<string, string>();
  return sdp
    .replace(/^a=ice-ufrag:[^\r\n]*/gm, `a=ice-ufrag:${ufrag}`)
    .replace(/^a=ice-pwd:[^\r\n]*/gm, `a=ice-pwd:${password}`)
    .replace(/^a=ssrc[^\r\n]*/gm, (line) =>
      line.replace(/\b\d{8,10}\b/g, (ssrc) => renamed(ssrcs, ssrc)),
    );
}

function load(name: string): string {
  return readFileSync(new URL(`offers/${name}.sdp`, import.meta.url), 'utf8');
}

function renamed(known: Map<string, string>, ssrc: string): string {
  const name = known.get(ssrc) ?? String(randomInt(1, 2 ** 32));
  known.set(ssrc, name);
  return name;
}
