/** So many scans in a row that show nothing make a lidar blind: half a second of them. */
const BLIND_AFTER_SCANS = 5;
/** And so many that show something make it a lidar that sees. More, so that one that comes and goes fills no log. */
const SEES_AFTER_SCANS = 20;

/** Notices when a lidar goes on to send scans, but sees nothing. */
export class BlindWatch {
  #isBlind = false;
  /** In a row, against what it was taken for so far. */
  #scans = 0;

  /** Takes in whether a scan showed nothing. Returns whether the lidar has become blind with it. */
  hasBecomeBlind(seesNothing: boolean): boolean {
    this.#scans = seesNothing === this.#isBlind ? 0 : this.#scans + 1;
    if (this.#scans < (seesNothing ? BLIND_AFTER_SCANS : SEES_AFTER_SCANS)) return false;
    this.#isBlind = seesNothing;
    this.#scans = 0;
    return seesNothing;
  }
}
