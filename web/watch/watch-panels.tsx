import type { HostOffers } from '../../gateway/protocol/host.ts';
import { platformOf } from '../core/control/platform.ts';
import { reservedCombinations } from '../core/control/reserved-combinations.ts';
import { runOnHost } from '../core/host-runner.ts';
import { ClipboardPanel } from './control/clipboard-panel.tsx';
import { CommandsPanel } from './control/commands-panel.tsx';
import type { DrivePanel } from './control/drive-tools.tsx';
import { PeoplePanel } from './control/people-panel.tsx';
import { ShortcutsSheet } from './control/shortcuts-sheet.tsx';
import { useControlReading } from './control/use-control-reading.ts';
import type { Watched } from './watched.ts';

/** One panel lies over the picture at a time. */
export type Panel = DrivePanel | 'people';

/** The panel that is open; those that help to drive go with control. */
export function WatchPanels({
  panel,
  watched,
  offers,
  close,
}: {
  readonly panel: Panel | null;
  readonly watched: Watched;
  /** Null while nothing is told of the host. */
  readonly offers: HostOffers | null;
  readonly close: () => void;
}) {
  const { board, drive, socket } = watched;
  const { reading, standing } = useControlReading(board);
  const { state } = reading;
  if (panel === 'people') {
    return (
      <PeoplePanel
        board={board}
        place={watched.place}
        api={watched.controlApi}
        name={socket.name}
        rename={(name) => socket.rename(name)}
        onClose={close}
      />
    );
  }
  if (standing.kind !== 'driving' || state === null) return null;
  switch (panel) {
    case 'shortcuts':
      return (
        <ShortcutsSheet
          combinations={reservedCombinations(platformOf(navigator))}
          press={(keys) => drive.input?.press(keys)}
          onClose={close}
        />
      );
    case 'clipboard':
      return <ClipboardPanel control={drive.control} policy={state.policy} onClose={close} />;
    case 'commands':
      return (
        <CommandsPanel
          commands={offers?.commands ?? []}
          run={(command) => runOnHost(socket, command)}
          onClose={close}
        />
      );
    case null:
      return null;
    default:
      return panel satisfies never;
  }
}
