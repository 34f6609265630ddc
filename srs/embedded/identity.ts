/** What every answer and hook says about who speaks. */
export interface Identity {
  /** Stable for an installation. */
  readonly serverId: string;
  /** New at every start: a client of the contract sees a restart by it. */
  readonly serviceId: string;
  readonly pid: number;
}
