import type { RoomRecording, UnrecordedReason } from '../../gateway/protocol/room-recording.ts';
import type { RecordingProblem } from '../core/recordings/recording-control.ts';

/** Why nothing of a source is in the recording that runs; without `source` of all of them. */
export function whyUnrecorded(
  { unrecorded }: Pick<RoomRecording, 'unrecorded'>,
  { source, isDirect }: { readonly source: string | undefined; readonly isDirect: boolean },
): readonly string[] {
  if (isDirect) return ['What goes directly from peer to peer is not recorded.'];
  return unrecorded
    .filter((each) => source === undefined || each.source === source)
    .map((each) => reasonWords[each.why](each.source));
}

const reasonWords: Readonly<Record<UnrecordedReason, (source: string) => string>> = {
  websocket: (source) => `“${source}” comes by WebSocket, which cannot be recorded.`,
  'left-out': (source) => `“${source}” is not part of it.`,
  'media-server': (source) => `The media server of “${source}” cannot record it.`,
};

/** Why a recording was not started or stopped. */
export function explainRecording(problem: RecordingProblem): string {
  return sentences[problem] ?? 'The gateway could not be asked. Try again.';
}

const sentences: Partial<Record<RecordingProblem, string>> = {
  'no-source': 'Nobody shares here now, so there is nothing to record.',
  unrecordable:
    'What is shared here comes by WebSocket, past the media servers, and cannot be recorded.',
  'storage-full': 'The disk for recordings is full. Delete some, or make room on it.',
  'recording-off': 'Recording is switched off at this gateway.',
  'scope-insufficient': 'You may not record this room.',
  'token-expired': 'Your link has run out. Ask for another one.',
  'token-revoked': 'Your link was taken back. Ask for another one.',
  'rate-limited': 'Too many requests. Try again in a moment.',
  'shutting-down': 'The gateway stops. Try again in a moment.',
};
