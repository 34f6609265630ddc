/** What became of pictures for one viewer since the last second began. */
export class ViewerTally {
  /** Pictures sent, and those that were not. */
  sent = 0;
  skipped = 0;
  /** Receipts, and how long they took. */
  painted = 0;
  ageMs = 0;

  clear(): void {
    this.sent = 0;
    this.skipped = 0;
    this.painted = 0;
    this.ageMs = 0;
  }
}
