import { useEffect, useState } from 'react';
import type { HostOffers } from '../../../gateway/protocol/host.ts';
import type { Latency } from '../../core/control/latency-meter.ts';
import { showMilliseconds } from '../../ui/quantity.ts';
import { useObservable } from '../../ui/use-observable.ts';
import type { Drive } from './drive.ts';
import { ToolButton } from './tool-button.tsx';
import { SCALES } from './picture-scales.ts';
import type { PictureScale } from './picture-scales.ts';

/** Panels that help to drive. */
export type DrivePanel = 'shortcuts' | 'clipboard' | 'commands';

/** What helps whoever drives, in a row; it scrolls where the page is narrow. */
export function DriveTools({
  drive,
  offers,
  panel,
  toggle,
  scale,
  setScale,
}: {
  readonly drive: Drive;
  /** Null while nothing is told of the host. */
  readonly offers: HostOffers | null;
  readonly panel: string | null;
  readonly toggle: (panel: DrivePanel) => void;
  readonly scale: PictureScale;
  readonly setScale: (scale: PictureScale) => void;
}) {
  const capture = useObservable(drive.capture);
  const latency = useObservable(drive.control.latency.latency);
  const follows = useObservable(drive.followsWindow);
  const { factor } = useObservable(drive.zoom);
  const pads = useGamepads();
  return (
    <div className="drive-tools" role="group" aria-label="Driving" data-testid="drive-tools">
      <ToolButton
        icon="keyboard"
        name="Keyboard to the machine"
        testId="keyboard"
        pressed={capture.hasKeys}
        onClick={() => drive.input?.focus()}
      />
      {hasTouch() && (
        <>
          <ToolButton
            icon="keys"
            name="On-screen keyboard"
            testId="screen-keyboard"
            pressed={capture.showsKeyboard}
            onClick={() => drive.input?.showKeyboard(!capture.showsKeyboard)}
          />
          <ToolButton
            icon="hand"
            name="Fingers as on a touch screen"
            testId="touch-mode"
            pressed={capture.touchMode === 'direct'}
            onClick={() =>
              drive.input?.setTouchMode(capture.touchMode === 'direct' ? 'pointer' : 'direct')
            }
          />
        </>
      )}
      <ToolButton
        icon="aim"
        name="Lock the pointer (Escape ends it)"
        testId="pointer-lock"
        pressed={capture.isPointerLocked}
        onClick={() => void drive.input?.lockPointer()}
      />
      {offers?.clipboard === true && (
        <ToolButton
          icon="clipboard"
          name="Clipboard"
          testId="clipboard-toggle"
          expanded={panel === 'clipboard'}
          onClick={() => toggle('clipboard')}
        />
      )}
      <ToolButton
        icon="shortcuts"
        name="Shortcuts"
        testId="shortcuts-toggle"
        expanded={panel === 'shortcuts'}
        onClick={() => toggle('shortcuts')}
      />
      {offers !== null && offers.commands.length > 0 && (
        <ToolButton
          icon="run"
          name="Commands"
          testId="commands-toggle"
          expanded={panel === 'commands'}
          onClick={() => toggle('commands')}
        />
      )}
      <select
        aria-label="Size of the picture"
        title="Size of the picture"
        data-testid="scale"
        value={follows ? 'follow' : scale}
        onChange={({ target }) => {
          drive.follow(target.value === 'follow');
          setScale(SCALES.find(({ key }) => key === target.value)?.key ?? 'fit');
        }}
      >
        {SCALES.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
        {offers !== null && offers.largestScreen !== null && (
          <option value="follow">Resize to my window</option>
        )}
      </select>
      {factor > 1 && (
        <button
          type="button"
          className="small"
          data-testid="zoom"
          onClick={() => drive.resetZoom()}
        >
          {`${factor.toFixed(1)}×`}
        </button>
      )}
      {pads > 0 && (
        <span className="latency" data-testid="gamepads">
          {pads === 1 ? '1 gamepad' : `${pads} gamepads`}
        </span>
      )}
      <LatencyFigure latency={latency} />
    </div>
  );
}

/** Round trip, and from input to picture; the title has it in words. */
function LatencyFigure({ latency }: { readonly latency: Latency }) {
  const { rttMs, appliedMs, pictureMs } = latency;
  const shown = [
    rttMs === null ? '' : `${showMilliseconds(rttMs)} round trip`,
    pictureMs === null ? '' : `${showMilliseconds(pictureMs)} to picture`,
  ].filter((part) => part !== '');
  const words = `Round trip ${showMilliseconds(rttMs)}, input to the machine ${showMilliseconds(appliedMs)}, input to picture ${showMilliseconds(pictureMs)}`;
  return (
    <span className="latency" title={words} data-testid="latency" hidden={shown.length === 0}>
      {shown.join(' · ')}
    </span>
  );
}

const hasTouch = (): boolean => navigator.maxTouchPoints > 0;

/** How many gamepads this browser shows; browsers show one from its first button on. */
function useGamepads(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const read = () => setCount(navigator.getGamepads().filter((pad) => pad !== null).length);
    read();
    window.addEventListener('gamepadconnected', read);
    window.addEventListener('gamepaddisconnected', read);
    return () => {
      window.removeEventListener('gamepadconnected', read);
      window.removeEventListener('gamepaddisconnected', read);
    };
  }, []);
  return count;
}
