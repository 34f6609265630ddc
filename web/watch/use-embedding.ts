import { useEffect } from 'react';
import type { RoamingClient } from '../core/roaming/roaming-client.ts';
import type { Size } from '../core/picture-box.ts';
import type { EmbedBridge, EmbedOrder } from '../embed/embed-bridge.ts';
import type { EmbedState } from '../embed/embed-protocol.ts';
import { driversOf, standingOf } from './control/standing.ts';
import type { ControlBoard } from './control/control-board.ts';
import type { Player } from './player.ts';

/** What a page around may know and ask of. */
interface Embedded {
  readonly player: Player;
  readonly client: RoamingClient;
  readonly board: ControlBoard;
}

/** Tells the page around what plays and who controls, and does what it asks; null: there is none. */
export function useEmbedding(bridge: EmbedBridge | null, embedded: Embedded): void {
  const { player, client, board } = embedded;
  useEffect(() => {
    if (bridge === null) return;
    const { seen } = player.picture;
    const tellState = () => bridge.tellState(stateOf(client, seen.value.size));
    const tellControl = () => bridge.tellControl(controlOf(board));
    const off = [
      seen.subscribe(tellState),
      bridge.onOrder((order) => obey(order, player, board)),
      client.state.subscribe(tellState),
      client.choice.subscribe(tellState),
      board.reading.subscribe(tellControl),
    ];
    tellState();
    tellControl();
    return () => {
      for (const each of off) each();
    };
  }, [bridge, player, client, board]);
}

function stateOf(client: RoamingClient, picture: Size | null): EmbedState {
  const state = client.state.value;
  const problem = 'problem' in state ? state.problem.code : null;
  return { state: state.kind, problem, picture, mode: client.choice.value.shown };
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
