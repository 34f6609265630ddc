import { Settings } from '../config/schema.ts';
import { LIMITS } from './limits.ts';

/** What is limited, the unit, and what more of it meets. */
type Row = readonly [what: string, unit: string, over: string];

const ROWS = {
  bodyBytes: ['request body', 'bytes', '413'],
  jsonBytes: ['request body in JSON', 'bytes', '413'],
  headerBytes: ['all headers of a request', 'bytes', '431'],
  headers: ['headers of a request', '', '431'],
  sdpLineChars: ['line of an SDP', 'characters', '400'],
  sdpLinesPerSection: ['lines in a section of an SDP, candidates included', '', '400'],
  mediaSections: ['m-lines of an offer', '', '400'],
  payloadTypes: ['payload types of an m-line', '', '400'],
  ssrcLines: ['`a=ssrc` lines of a section', '', '400'],
  layers: ['simulcast layers of a publisher', '', '422'],
  answerCandidates: ['candidates of an answer', '', 'the first ones stay'],
  fragmentLines: ['lines of a trickle fragment', '', '400'],
  headersMs: ['time until all headers are here, from the connection on', 'ms', '408, closed'],
  requestMs: ['time until the body is here', 'ms', '408, closed'],
  handshakeMs: ['time for the TLS handshake', 'ms', 'closed'],
  slowClientsCheckMs: ['how often slow clients are looked for', 'ms', ''],
  stalledMs: ['time in which a response makes no progress', 'ms', 'closed'],
  keepAliveMs: ['idle time between two requests of a connection', 'ms', 'closed'],
  connectionsWaiting: ['connections that wait to be taken', '', 'the client asks again'],
  requestsPerTurn: ['requests of an address begun in one turn of the event loop', '', 'wait'],
  offersUnderWay: ['offers of an address that are at a node', '', 'wait'],
  pipelinedRequests: ['requests under way on a connection', '', 'closed'],
  fragmentsPerSession: ['PATCHes of a session in 10 s', '', '429'],
  fragmentsPerSubject: ['PATCHes of a `sub` in 10 s', '', '429'],
  fragmentsPerRoom: ['PATCHes in a room in 10 s', '', '429'],
  fragmentsPerAddress: ['PATCHes from an address in 10 s', '', '429'],
  fragmentWindowSeconds: ['window of the four above', 's', ''],
  offerWindowSeconds: ['window of everything that is counted per minute', 's', ''],
  readsPerWrite: ['reads that an address may make for each write', '', '429'],
  limiterKeys: ['keys of each budget that are remembered', '', 'the oldest is forgotten'],
  knownCredentials: ['good tokens that are remembered, as hashes', '', 'the oldest is forgotten'],
  refusalDelayMs: ['how long a 429 takes, half more or less', 'ms', ''],
  delayedRefusals: ['429s that are held back at once', '', 'sent at once, closed'],
  eventStreamsPerSession: ['event streams of a session', '', '429'],
  eventUnreadMs: ['time in which nobody reads an event stream', 'ms', 'forgotten, 404'],
  eventPingMs: ['pause between two comments in an event stream', 'ms', 'after two: closed'],
  hostMessageBytes: ['message on a host’s WebSocket', 'bytes', 'closed 1009'],
  viewerMessageBytes: ['message on a viewer’s WebSocket', 'bytes', 'closed 1009'],
  hostMessagesPerSecond: [
    'other messages of a host a second, each 4 KiB one more',
    '',
    'closed 4429',
  ],
  hostMessagesAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  viewerMessagesPerSecond: [
    'other messages of a viewer a second, each 4 KiB one more',
    '',
    'closed 4429',
  ],
  viewerMessagesAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  wishesPerSecond: ['wishes of a viewer about control a second', '', 'refused `too-many`'],
  wishesAtOnce: ['the same at once, after a pause', '', 'refused `too-many`'],
  inputFramesPerSecond: ['input frames of a viewer a second', '', 'closed 4429'],
  inputFramesAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  inputEventsPerSecond: ['keys, buttons and texts of a viewer a second', '', 'closed 4429'],
  inputEventsAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  viewerPingsPerSecond: ['pings and latencies of a viewer a second', '', 'closed 4429'],
  viewerPingsAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  inputAnswersPerSecond: ['answers of a host to input a second', '', 'closed 4429'],
  inputAnswersAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  inputRefusalMs: ['pause between two `input/refused` to a viewer', 'ms', 'not told'],
  viewportIntervalMs: ['pause between two viewports for a host', 'ms', 'the newest counts'],
  commandIntervalMs: ['pause between two commands for a host', 'ms', 'refused'],
  clipboardBytesPerSecond: ['content of a clipboard passed on a second', 'bytes', 'waits'],
  clipboardMessageBytesPerSecond: [
    'parts of a clipboard of a viewer or host a second, in 4 KiB begun',
    'bytes',
    'closed 4429',
  ],
  clipboardMessageBytesAtOnce: ['the same at once, after a pause', 'bytes', 'closed 4429'],
  clipboardWaitingBytes: ['what of all clipboards waits', 'bytes', '`too-many`'],
  socketSignalsPerSecond: ['pings and pongs on a WebSocket a second', '', 'closed 4429'],
  socketSignalsAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  socketFragments: ['fragments of a WebSocket message', '', 'closed 1008'],
  socketHelloMs: ['time until the first message of a WebSocket', 'ms', 'closed 1008'],
  socketPingMs: ['pause between two pings on a WebSocket', 'ms', ''],
  socketSilentMs: ['time in which a WebSocket answers no ping', 'ms', 'closed'],
  socketQueueBytes: ['what a WebSocket has not read', 'bytes', 'closed'],
  socketCloseMs: ['time that a WebSocket has to say goodbye', 'ms', 'closed'],
  hostsPerRoom: ['hosts of a room', '', '503'],
  commandsPerHost: ['commands that a host has not answered', '', '429'],
  commandMs: ['time for a host to answer a command', 'ms', '504'],
  publisherWaitMs: ['time in which a viewer waits for a host to publish', 'ms', '409'],
  publisherBesideMs: ['the same where the host publishes by WebSocket', 'ms', '409'],
  mediaWatcherMessageBytes: [
    'message on a WebSocket that media is watched by',
    'bytes',
    'closed 1009',
  ],
  mediaPublisherMessageBytes: ['message on a WebSocket that publishes', 'bytes', 'closed 1009'],
  mediaMessagesPerSecond: [
    'stripes and sound packets of a publisher a second, each 4 KiB one more',
    '',
    'closed 4429',
  ],
  mediaMessagesAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  mediaReceiptsPerSecond: ['receipts of a viewer for pictures a second', '', 'closed 4429'],
  mediaReceiptsAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  mediaPictureBytes: ['all stripes of a picture', 'bytes', 'closed 1008'],
  mediaRowStoreBytes: ['newest JPEG rows of a source', 'bytes', 'the publisher is asked again'],
  mediaQueueBytes: [
    'what a viewer of media has not read, before it is sent a picture or sound',
    'bytes',
    'left out',
  ],
  mediaUnpaintedMs: ['time in which a viewer paints nothing that it is sent', 'ms', 'closed 4408'],
  mediaSlowestBytesPerSecond: ['a larger picture has longer, at this rate', 'bytes', 'closed 4408'],
  mediaUnpaintedMostMs: ['the same for any picture', 'ms', 'closed 4408'],
  channelMessageBytes: ['message on a data channel', 'bytes', 'channels closed'],
  channelMessagesPerSecond: [
    'messages of a viewer’s data channels per second',
    '',
    'channels closed',
  ],
  channelMessagesAtOnce: ['the same, at once', '', 'channels closed'],
  channelQueueBytes: [
    'input of all data channels that waits',
    'bytes',
    'motion dropped, channels closed',
  ],
  channelOffersPerSecond: [
    'offers of data channels on a WebSocket per second',
    '',
    '`channel/closed`',
  ],
  channelOffersAtOnce: ['the same, at once', '', '`channel/closed`'],
  channelConnectMs: ['time for data channels to connect', 'ms', '`channel/closed`'],
  channelRetryMs: ['pause after `INPUT_PORT` was taken', 'ms', ''],
  channels: ['viewers with data channels', '', '`channel/closed`'],
  signalMessageBytes: ['message on `/ws/signal`', 'bytes', 'closed 1009'],
  signalMessagesPerSecond: [
    'messages of a peer on `/ws/signal` a second, each 4 KiB one more',
    '',
    'closed 4429',
  ],
  signalMessagesAtOnce: ['the same at once, after a pause', '', 'closed 4429'],
  signalMalformed: ['malformed messages of such a socket', '', 'closed 1008'],
  signalPeersPerSource: ['peers of a source in direct mode', '', 'error `capacity`'],
  signalPeers: ['peers in direct mode at a gateway', '', 'error `capacity`'],
  trials: ['trials of paths (`/api/v1/diagnosis`) under way', '', '429'],
  trialsPerAddress: ['the same of one address', '', '429'],
  trialMs: ['time until a trial ends by itself', 'ms', 'ended'],
  endedDiaries: ['diaries of ended sessions', '', 'the oldest is forgotten'],
  connectMs: ['time for a publisher to connect its media', 'ms', 'ended `never-connected`'],
} as const satisfies Record<keyof typeof LIMITS, Row>;

const SETTINGS = {
  MAX_SESSIONS: ['sessions', '', '503'],
  MAX_SESSIONS_PER_ROOM: ['sessions of a room', '', '503'],
  MAX_VIEWERS_PER_ROOM: ['viewers of a room', '', '503'],
  MAX_SESSIONS_PER_SUBJECT: ['sessions of a `sub`', '', '429'],
  MAX_HALF_OPEN_PUBLISHES: ['publishers of a `sub` without media yet', '', '429'],
  MAX_CONNECTIONS: ['TCP connections', '', 'closed'],
  MAX_CONNECTIONS_PER_ADDRESS: ['TCP connections of an address', '', 'closed'],
  MAX_EVENT_STREAMS: ['streams of server-sent events', '', '503'],
  MAX_VIEWER_SOCKETS: ['WebSockets of viewers', '', 'closed 4503'],
  RATE_LIMIT_PER_MINUTE: ['writes of an address per minute', '', '429'],
  ROOM_OFFERS_PER_MINUTE: ['offers in a room per minute', '', '429'],
  SUBJECT_OFFERS_PER_MINUTE: ['offers to watch of a `sub` per minute', '', '429'],
  SUBJECT_PUBLISHES_PER_MINUTE: ['offers to publish of a `sub` per minute', '', '429'],
  FAILED_LOGINS_PER_MINUTE: ['requests of an address without a good token per minute', '', '429'],
} as const satisfies Partial<Record<keyof typeof Settings.shape, Row>>;

/** The tables of docs/security.md: what a setting changes, and what none does. */
export function renderLimits(): { readonly settings: string; readonly fixed: string } {
  const settings = Object.entries(SETTINGS).map(([name, row]) => [
    ...cells(name, Settings.shape[name as keyof typeof SETTINGS].parse(undefined), row),
  ]);
  const fixed = Object.entries(ROWS).map(([name, row]) => [
    ...cells(name, LIMITS[name as keyof typeof LIMITS], row),
  ]);
  return { settings: table('setting', settings), fixed: table('name', fixed) };
}

const cells = (name: string, value: number, [what, unit, over]: Row): string[] => [
  `\`${name}\``,
  `${value} ${unit}`.trim(),
  what,
  over,
];

const table = (first: string, rows: readonly (readonly string[])[]): string =>
  [[first, 'at most', 'what', 'more of it'], ['---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
