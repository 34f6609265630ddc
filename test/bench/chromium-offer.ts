import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';

const TEMPLATES = { publish: load('chromium-publish'), watch: load('chromium-watch') };

/** The offer that Chromium 156 makes for audio and video, with ICE credentials and SSRCs of its own. */
export function chromiumOffer(kind: 'publish' | 'watch'): string {
  const ufrag = randomBytes(3).toString('base64');
  const password = randomBytes(18).toString('base64');
  const ssrcs = new Map<string, string>();
  return TEMPLATES[kind]
    .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${password}`)
    .replace(/^a=ssrc.*$/gm, (line) =>
      line.replace(/\b\d{8,10}\b/g, (ssrc) => renamed(ssrcs, ssrc)),
    )
    .replace(/\n/g, '\r\n');
}

function load(name: string): string {
  return readFileSync(new URL(`offers/${name}.sdp`, import.meta.url), 'utf8');
}

function renamed(known: Map<string, string>, ssrc: string): string {
  const name = known.get(ssrc) ?? String(randomInt(1, 2 ** 32));
  known.set(ssrc, name);
  return name;
}
