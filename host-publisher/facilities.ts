import type { ControlLeases } from '../gateway/protocol/control.ts';
import type {
  HostCapabilities,
  HostCommand,
  HostMessage,
  PictureSize,
} from '../gateway/protocol/host.ts';
import { ClipboardDesk } from './clipboard/clipboard-desk.ts';
import { X11Clipboard } from './clipboard/x11-clipboard.ts';
import { CommandDesk } from './commands/command-desk.ts';
import { hostEnvironment } from './environment.ts';
import type { ControlOptions } from './input/control-options.ts';
import { PORTAL } from './media/display.ts';
import type { MediaPlan } from './media/plan.ts';
import { ScreenDesk } from './screen/screen-desk.ts';

export interface FacilitiesParts {
  readonly plan: MediaPlan;
  readonly control: ControlOptions;
  readonly send: (message: HostMessage) => boolean;
  /** The picture should have this size; null: the plan's. */
  readonly onPictureSize: (size: PictureSize | null) => void;
  readonly say: (line: string) => void;
}

/** What whoever controls a host has beside its devices: clipboard, a screen that fits, commands. */
export class Facilities {
  readonly #clipboard: ClipboardDesk | null = null;
  readonly #screen: ScreenDesk | null = null;
  readonly #commands: CommandDesk | null = null;

  constructor({ plan, control, send, onPictureSize, say }: FacilitiesParts) {
    if (!control.on) return;
    const { source, display } = plan;
    const isX11 = display !== null && display !== PORTAL;
    if (isX11 && (source === 'desktop' || source === 'window') && control.clipboard !== 'off') {
      this.#clipboard = new ClipboardDesk({
        direction: control.clipboard,
        open: (events) => X11Clipboard.open({ display, ...events }),
        send,
      });
    }
    if (isX11 && source === 'desktop') {
      const { resize, largest } = control;
      this.#screen = new ScreenDesk({ display, resize, largest, onSize: onPictureSize, say });
    }
    const environment = { ...hostEnvironment(), ...(isX11 ? { DISPLAY: display } : {}) };
    this.#commands = new CommandDesk({ commands: control.commands, environment, send });
  }

  /** Resolves when `capabilities` are known. */
  async ready(): Promise<void> {
    await this.#screen?.ready;
  }

  get capabilities(): Pick<HostCapabilities, 'clipboard' | 'largestScreen' | 'commands'> {
    return {
      clipboard: this.#clipboard !== null,
      largestScreen: this.#screen?.largest ?? null,
      commands: this.#commands?.names ?? [],
    };
  }

  lease({ leases }: ControlLeases): void {
    this.#held(leases.keyboard, leases.pointer !== null);
  }

  /** The gateway is gone: nobody controls this host. */
  disconnected(): void {
    this.#held(null, false);
  }

  obey(command: HostCommand): void {
    switch (command.type) {
      case 'clipboard/want':
      case 'clipboard/part':
      case 'clipboard/refused':
        this.#clipboard?.obey(command);
        break;
      case 'viewport':
        this.#screen?.follow(command.size);
        break;
      case 'host/run':
        this.#commands?.run(command);
        break;
      default:
    }
  }

  async close(): Promise<void> {
    this.#commands?.close();
    await Promise.all([this.#clipboard?.close(), this.#screen?.close()]);
  }

  #held(keyboard: number | null, pointer: boolean): void {
    this.#clipboard?.held(keyboard);
    this.#commands?.held(keyboard !== null);
    this.#screen?.driven(pointer);
  }
}
