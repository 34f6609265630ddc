import type { Request } from 'express';
import type { PeerGateway } from '../../cluster/homes.ts';
import { linkRecordings, type RecordingId } from '../../protocol/api/recordings.ts';
import type { RecordingPlaces } from './hand-recordings-on.ts';
import { isHandedOn } from './peer-entry.ts';
import { toldHeaders } from './told-headers.ts';

/** Longest wait for another gateway; what it holds is left out then. */
const ASK_MS = 5_000;

type Links = ReturnType<typeof linkRecordings.reply.parse>['items'];

/** Links of those recordings that other gateways hold, as these allow it. */
export async function linksElsewhere(
  { edge, holders, recordings }: RecordingPlaces,
  req: Request,
  wish: { readonly recordings: readonly RecordingId[]; readonly ttlSeconds: number },
): Promise<Links> {
  const others = wish.recordings.filter((id) => recordings.index.byId(id) === undefined);
  if (edge === undefined || holders === undefined || isHandedOn(req) || others.length === 0) {
    return [];
  }
  const standings = await holders.find(others);
  const held = new Map<PeerGateway, RecordingId[]>();
  for (const [at, id] of others.entries()) {
    const standing = standings[at];
    if (standing?.at !== 'there') continue;
    held.set(standing.gateway, [...(held.get(standing.gateway) ?? []), id]);
  }
  const ask = async ([{ url }, ids]: [PeerGateway, RecordingId[]]): Promise<Links> => {
    const body = JSON.stringify({ recordings: ids, ttlSeconds: wish.ttlSeconds });
    const given = { headers: toldHeaders(req), ms: ASK_MS, of: req, body };
    const answer = await edge.forwarder.ask(new URL(linkRecordings.path, url), given);
    return linkRecordings.reply.parse(answer).items;
  };
  const found = await Promise.all([...held].map((each) => ask(each).catch((): Links => [])));
  return found.flat();
}
