import type { ReactNode } from 'react';
import type { LayerChoice } from '../core/layer-choice.ts';
import { useObservable } from '../ui/use-observable.ts';
import { Icon } from '../ui/icon.tsx';
import type { Player } from './player.ts';
import { QualityMenu } from './quality-menu.tsx';
import { canFillScreen, canFloat } from './screen-modes.ts';

interface PlayerControlsProps {
  readonly player: Player;
  readonly layers: LayerChoice;
  readonly figuresShown: boolean;
  readonly toggleFigures: () => void;
  /** What else can be done with what is shown. */
  readonly children: ReactNode;
}

/** The bar under the picture. */
export function PlayerControls({
  player,
  layers,
  figuresShown,
  toggleFigures,
  children,
}: PlayerControlsProps) {
  const { paused, muted, volume, fullScreen } = useObservable(player.state);
  return (
    <div className="controls" role="group" aria-label="Player">
      <button
        type="button"
        data-testid="pause"
        aria-label={paused ? 'Play' : 'Pause'}
        title={paused ? 'Play (space)' : 'Pause (space)'}
        onClick={() => player.togglePause()}
      >
        <Icon name={paused ? 'play' : 'pause'} />
      </button>
      <button
        type="button"
        data-testid="mute"
        aria-label="Mute"
        aria-pressed={muted}
        title={muted ? 'Sound on (m)' : 'Mute (m)'}
        onClick={() => player.toggleMute()}
      >
        <Icon name={muted ? 'muted' : 'sound'} />
      </button>
      <input
        type="range"
        className="volume"
        data-testid="volume"
        aria-label="Volume"
        min={0}
        max={1}
        step={0.05}
        value={muted ? 0 : volume}
        onChange={({ target }) => player.setVolume(Number(target.value))}
      />
      <span className="spacer" />
      <QualityMenu choice={layers} />
      {children}
      <button
        type="button"
        data-testid="figures-toggle"
        aria-label="Figures"
        aria-pressed={figuresShown}
        title="Figures (i)"
        onClick={toggleFigures}
      >
        <Icon name="figures" />
      </button>
      {canFloat() && (
        <button
          type="button"
          data-testid="pip"
          aria-label="Picture in picture"
          title="Picture in picture (p)"
          onClick={() => player.togglePictureInPicture()}
        >
          <Icon name="float" />
        </button>
      )}
      {canFillScreen() && (
        <button
          type="button"
          data-testid="fullscreen"
          aria-label="Full screen"
          aria-pressed={fullScreen}
          title="Full screen (f)"
          onClick={() => player.toggleFullScreen()}
        >
          <Icon name={fullScreen ? 'leave' : 'fill'} />
        </button>
      )}
    </div>
  );
}
