import type { ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import type { CameraChoice } from './camera-choice.ts';
import { isHopeless } from './camera-problem.ts';
import type { CameraShare, CameraState, CameraView } from './camera-share.ts';

/** All that is done while sending, where a thumb reaches it. */
export function CameraBar({
  share,
  state,
  view,
  choice,
  isSoundOn,
  panelShown,
  onChange,
  togglePanel,
}: {
  readonly share: CameraShare;
  readonly state: CameraState;
  readonly view: CameraView | null;
  readonly choice: CameraChoice;
  readonly isSoundOn: boolean;
  readonly panelShown: boolean;
  readonly onChange: (choice: CameraChoice) => void;
  readonly togglePanel: () => void;
}) {
  const torch = view?.settings.torch ?? false;
  return (
    <div className="camera-bar" role="group" aria-label="Camera">
      <BarButton
        name={isSoundOn ? 'Turn sound off' : 'Turn sound on'}
        icon={isSoundOn ? 'microphone' : 'muted'}
        testId="sound"
        isPressed={!isSoundOn}
        onClick={() => onChange({ ...choice, sound: !isSoundOn })}
      />
      {view?.lens.torch === true && (
        <BarButton
          name="Torch"
          icon="torch"
          testId="torch"
          isPressed={torch}
          onClick={() => void share.setTorch(!torch)}
        />
      )}
      <StartOrStop share={share} state={state} choice={choice} />
      {view?.hasOthers === true && (
        <BarButton
          name="Other camera"
          icon="swap"
          testId="switch"
          onClick={() => void share.switchCamera()}
        />
      )}
      <BarButton
        name="Settings and figures"
        icon="settings"
        testId="panel-toggle"
        isPressed={panelShown}
        onClick={togglePanel}
      />
    </div>
  );
}

function StartOrStop({
  share,
  state,
  choice,
}: {
  readonly share: CameraShare;
  readonly state: CameraState;
  readonly choice: CameraChoice;
}) {
  const isSending =
    state.kind === 'connecting' || state.kind === 'live' || state.kind === 'reconnecting';
  // One button for both, so that keyboard focus stays where it is.
  return (
    <button
      type="button"
      className={isSending ? 'danger camera-main' : 'primary camera-main'}
      data-testid={isSending ? 'stop' : 'start'}
      disabled={state.kind === 'opening' || cannotStart(state)}
      onClick={() => {
        if (isSending) share.stop();
        else void share.start(choice);
      }}
    >
      {isSending ? 'Stop' : 'Start'}
    </button>
  );
}

/** Pressing the button again could not change these. */
function cannotStart(state: CameraState): boolean {
  if (state.kind === 'failed') return state.problem.code === 'token-missing';
  return state.kind === 'camera-failed' && isHopeless(state.problem);
}

function BarButton({
  name,
  icon,
  testId,
  isPressed,
  onClick,
}: {
  readonly name: string;
  readonly icon: IconName;
  readonly testId: string;
  readonly isPressed?: boolean;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      className="camera-tool"
      data-testid={testId}
      aria-label={name}
      aria-pressed={isPressed}
      title={name}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
