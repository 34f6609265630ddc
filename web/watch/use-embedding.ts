import { useEffect } from 'react';
import type { WhepClient } from '../core/whep-client.ts';
import type { EmbedBridge, EmbedOrder } from '../embed/embed-bridge.ts';
import { driversOf, standingOf } from './control/standing.ts';
import type { ControlBoard } from './control/control-board.ts';
import type { Player } from './player.ts';

/** What a page around may know and ask of. */
interface Embedded {
  readonly player: Player;
  readonly client: WhepClient;
  readonly board: ControlBoard;
}

/** Tells the page around what plays and who controls, and does what it asks; null: there is none. */
export function useEmbedding(bridge: EmbedBridge | null, embedded: Embedded): void {
  const { player, client, board } = embedded;
  useEffect(() => {
    const { video } = player;
    if (bridge === null || video === null) return;
    const tellState = () => bridge.tellState(stateOf(client, video));
    const tellControl = () => bridge.tellControl(controlOf(board));
    video.addEventListener('resize', tellState);
    const off = [
      bridge.onOrder((order) => obey(order, player, board)),
      client.state.subscribe(tellState),
      board.reading.subscribe(tellControl),
    ];
    tellState();
    tellControl();
    return () => {
      video.removeEventListener('resize', tellState);
      for (const each of off) each();
    };
  }, [bridge, player, client, board]);
}

function stateOf(client: WhepClient, { videoWidth: width, videoHeight: height }: HTMLVideoElement) {
  const state = client.state.value;
  const problem = 'problem' in state ? state.problem.code : null;
  return { state: state.kind, problem, picture: width > 0 ? { width, height } : null };
}

function controlOf(board: ControlBoard) {
  const reading = board.reading.value;
  const standing = standingOf(reading);
  return {
    standing: standing.kind,
    place: standing.kind === 'waiting' ? standing.place : null,
    drivers: reading.state === null ? [] : driversOf(reading.state, 0).map(({ name }) => name),
  };
}

function obey(order: EmbedOrder, player: Player, board: ControlBoard): void {
  if (order.type === 'control') {
    void board[order.wish]();
    return;
  }
  const { paused, muted } = player.state.value;
  if (order.paused !== undefined && order.paused !== paused) player.togglePause();
  if (order.muted !== undefined && order.muted !== muted) player.toggleMute();
}
