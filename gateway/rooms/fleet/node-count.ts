/** What gateways have at a node. Both count for its limits, sessions alone are shown and waited for. */
export interface NodeCount {
  readonly sessions: number;
  /** Ends of carriages. */
  readonly carried: number;
}

export const NOTHING: NodeCount = { sessions: 0, carried: 0 };
