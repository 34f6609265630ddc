import type { WayReason } from './way-news.ts';

/** Why the picture comes by WebSocket, for the person in front of the page. */
export const wayWords: Record<WayReason, string> = {
  chosen: 'This page was asked to play over WebSocket.',
  slow: 'WebRTC has not brought a picture so far. Playing over WebSocket.',
  blocked: 'WebRTC does not get through this network (no answer over UDP). Playing over WebSocket.',
  lost: 'The WebRTC connection was lost. Playing over WebSocket.',
  server: 'The media server cannot be reached or is full. Playing over WebSocket.',
  format: 'This browser and the source share no WebRTC format. Playing over WebSocket.',
  missing: 'This browser has no WebRTC. Playing over WebSocket.',
  elsewhere: 'The source is sent over WebSocket only.',
};
