/** One hash tag: all of it is in one slot of a Redis Cluster, so that scripts may use it together. */
const TAG = '{pixelcast:cluster:v1}';

/** Hash of the homes: a room, and its term and gateway. */
const HOMES = `${TAG}:homes`;
/** Hash of the gateways: a name, and until when it lives and its address. */
const GATEWAYS = `${TAG}:gateways`;
/** Hash of what is true of all: the highest term, when the last of them was heard. */
export const META = `${TAG}:meta`;

/** Hash of a post: the gateway that has it, its address, and the term. */
export const postKey = (name: string): string => `${TAG}:post:${name}`;

/** What every script of homes is given. */
export const KEYS: readonly string[] = [HOMES, GATEWAYS, META];

/** Begins the channels by which gateways tell each other something. */
export const NEWS_PREFIX = 'pixelcast:cluster:v1:news:';
