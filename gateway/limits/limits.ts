import { CHANNEL_MESSAGE_BYTES } from '../protocol/channel-terms.ts';
import { MAX_STRIPE_BYTES } from '../protocol/media/media-protocol.ts';
import { SIGNAL_MESSAGE_BYTES } from '../protocol/signal/signal-protocol.ts';

/**
 * Every number that bounds what one client may cost and that no setting changes. What an operator
 * may change stands in `config/schema.ts`; docs/security.md has both as a table.
 */
export const LIMITS = {
  /** The largest offer seen has 7.5 KB (WI-24). */
  bodyBytes: 64 * 1024,
  /** A hook has up to 10 KiB; 64 KiB of JSON keep the only thread for 40 ms. */
  jsonBytes: 16 * 1024,
  /** Holds one token of at most 4 KiB (X32). */
  headerBytes: 16 * 1024,
  headers: 100,
  /** The largest offer seen in the field has 3 m-lines and 50 payload types (X02). */
  sdpLineChars: 1024,
  sdpLinesPerSection: 512,
  mediaSections: 8,
  payloadTypes: 64,
  ssrcLines: 64,
  /** OBS sends up to four. */
  layers: 4,
  /** Each is a label of metrics. */
  nodes: 64,
  /** SRS tells every 9 s. */
  heartbeatSilentMs: 30_000,
  heartbeatForgetMs: 300_000,
  heartbeatsAsked: 8,
  /** Each is two sessions and a stream through one process. */
  carriages: 64,
  carriageConnectMs: 5_000,
  /** SRS gives one for each network interface. */
  answerCandidates: 32,
  /** Of containers, read as they are written. */
  logFollowers: 8,
  logFollowMs: 3_600_000,
  logUnreadBytes: 1024 * 1024,
  logLines: 2_000,
  fragmentLines: 512,

  headersMs: 10_000,
  requestMs: 15_000,
  handshakeMs: 10_000,
  slowClientsCheckMs: 1_000,
  stalledMs: 60_000,
  keepAliveMs: 65_000,
  /** Beyond the 511 of node, or the next client waits a second for its SYN to be sent again. */
  connectionsWaiting: 4_096,
  requestsPerTurn: 4,
  offersUnderWay: 8,
  /** Browsers pipeline nothing. */
  pipelinedRequests: 8,

  /** A client sends up to 11 fragments at once (WI-56); a change of its network brings as many anew. */
  fragmentsPerSession: 120,
  /** Viewers of one link are one subject: 500 of them may come within ten seconds. */
  fragmentsPerSubject: 5_000,
  fragmentsPerRoom: 10_000,
  fragmentsPerAddress: 5_000,
  fragmentWindowSeconds: 10,
  offerWindowSeconds: 60,
  /** Pages ask for the state of a room every 2 s, and many may share one address. */
  readsPerWrite: 20,
  limiterKeys: 20_000,
  knownCredentials: 20_000,
  /** Each takes 32 MiB and a thread of four for some 0.2 s. */
  passwordsAtOnce: 2,
  passwordsWaiting: 32,
  loginsPerAddress: 60,
  /** Of a browser, or of an address at one account. */
  passwordsFree: 5,
  lockOutMs: 900_000,
  /** From everywhere, at one account; its own browsers do not wait. */
  passwordsFreeOfAll: 20,
  lockOutOfAllMs: 60_000,
  loginsPerAccount: 50,
  accounts: 10_000,
  invitations: 10_000,
  mintedTokens: 20_000,

  /** Half to one and a half times this, so that the refusals of a burst do not come as one. */
  refusalDelayMs: 1_000,
  delayedRefusals: 5_000,

  /** One in use and one to follow it. */
  eventStreamsPerSession: 2,
  eventUnreadMs: 60_000,
  /** Comments keep proxies from cutting a quiet stream; a reader that is full at two of them is cut off. */
  eventPingMs: 15_000,
  /** Events that a stream of an operator can begin with when it comes again. */
  eventsKept: 4_000,
  operatorStreams: 100,
  operatorStreamsPerSubject: 20,
  operatorStreamBytes: 4 * 1024 * 1024,
  webhooks: 50,
  /** Of one endpoint; each has some 600 bytes on disk. */
  webhookBacklog: 10_000,
  /** On their way to the disk. */
  webhookUnwritten: 20_000,
  webhookAttemptMs: 15_000,
  webhookAnswerBytes: 4 * 1024,
  webhookTestsPerMinute: 30,
  auditUnwritten: 10_000,

  /** A cursor's picture has up to 48 KiB, more in base64. */
  hostMessageBytes: 96 * 1024,
  /** One part of a clipboard has 24 KiB, 32 in base64. */
  viewerMessageBytes: 34 * 1024,
  /** A cursor that moves is 30 of them; a message counts once for every 4 KiB that it begins. */
  hostMessagesPerSecond: 60,
  hostMessagesAtOnce: 240,
  viewerMessagesPerSecond: 10,
  viewerMessagesAtOnce: 40,
  /** What viewers want about control; more is refused, and nobody else hears of it. */
  wishesPerSecond: 5,
  wishesAtOnce: 10,
  /** A page sends one for each of its frames; a mouse tells up to 1,000 times a second. */
  inputFramesPerSecond: 500,
  inputFramesAtOnce: 1_000,
  /** Keys, buttons and texts; nobody types so fast. */
  inputEventsPerSecond: 200,
  inputEventsAtOnce: 400,
  /** One with each part of a clipboard, to hear that it arrived. */
  viewerPingsPerSecond: 100,
  viewerPingsAtOnce: 200,
  /** A host tells 60 times a second what it applied, and once for each marked picture. */
  inputAnswersPerSecond: 150,
  inputAnswersAtOnce: 300,
  inputRefusalMs: 1_000,
  viewportIntervalMs: 100,
  commandIntervalMs: 1_000,
  /** Of the content, so that keys and picture have the path. */
  clipboardBytesPerSecond: 2 * 1024 * 1024,
  /** The same in base64, with room for a clock that differs, and a whole image after a standstill. */
  clipboardMessageBytesPerSecond: 3 * 1024 * 1024,
  clipboardMessageBytesAtOnce: 12 * 1024 * 1024,
  /** Of all sources. */
  clipboardWaitingBytes: 64 * 1024 * 1024,
  /** Pings that ask whether a part of a clipboard arrived are answered so often. */
  socketSignalsPerSecond: 150,
  socketSignalsAtOnce: 300,
  socketFragments: 64,
  socketHelloMs: 5_000,
  socketPingMs: 5_000,
  socketSilentMs: 10_000,
  socketQueueBytes: 1024 * 1024,
  socketCloseMs: 1_000,
  hostsPerRoom: 16,
  commandsPerHost: 8,
  commandMs: 3_000,
  /** Frames of input and changes of control that wait to be written beside a recording. */
  journalWaiting: 8_192,
  /** Of one recording, each some 120 bytes: 22 hours of a pointer that never rests. */
  journalEntries: 2_000_000,
  journalFlushMs: 500,
  /** Key frames of three hours take some 30 s. */
  thumbnailsMs: 300_000,
  /** A host that is idle publishes within a second; one that reconnects needs some more. */
  publisherWaitMs: 10_000,
  /** A host that publishes in both modes begins both at once. */
  publisherBesideMs: 1_000,

  mediaWatcherMessageBytes: 1024,
  mediaPublisherMessageBytes: MAX_STRIPE_BYTES,
  /** Stripes and sound; each 4 KiB count as one more: 64 rows at 60 Hz, or 24 MiB. */
  mediaMessagesPerSecond: 6_000,
  mediaMessagesAtOnce: 12_000,
  /** A viewer sends one for each picture. */
  mediaReceiptsPerSecond: 300,
  mediaReceiptsAtOnce: 600,
  /** JPEG of a 4K desktop at high quality has some 6 MiB. */
  mediaPictureBytes: 8 * 1024 * 1024,
  mediaRowStoreBytes: 8 * 1024 * 1024,
  mediaQueueBytes: 1024 * 1024,
  mediaUnpaintedMs: 10_000,
  /** 128 kbit/s. */
  mediaSlowestBytesPerSecond: 16 * 1024,
  mediaUnpaintedMostMs: 120_000,

  channelMessageBytes: CHANNEL_MESSAGE_BYTES,
  /** Frames by both channels; the gate counts them again with the socket's. */
  channelMessagesPerSecond: 600,
  channelMessagesAtOnce: 1_200,
  /** Of all viewers, on their way from the process of the channels to the gateway. */
  channelQueueBytes: 256 * 1024,
  channelOffersPerSecond: 0.2,
  channelOffersAtOnce: 5,
  channelConnectMs: 10_000,
  /** A port that is taken is tried again after so long. */
  channelRetryMs: 60_000,
  /** Who controls has one, and who did or will a little longer. */
  channels: 1_000,

  signalMessageBytes: SIGNAL_MESSAGE_BYTES,
  /** A sender that 64 receivers come to at once tells each an offer and some 20 candidates. */
  signalMessagesPerSecond: 100,
  signalMessagesAtOnce: 1_600,
  signalMalformed: 10,
  /** Each costs its sender an encoder's worth of upload. */
  signalPeersPerSource: 66,
  signalPeers: 5_000,
  /** Sessions by which a path to a media server is tried. */
  trials: 64,
  trialsPerAddress: 4,
  trialMs: 15_000,
  /** Each has some 2 KiB. */
  endedDiaries: 2_000,

  /** A publisher that has no DTLS by then is removed: it would hold the name for 30 s. */
  connectMs: 15_000,
} as const;
