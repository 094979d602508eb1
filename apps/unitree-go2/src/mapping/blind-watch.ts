/** A lidar is blind after this many scans in a row that show nothing: half a second. */
const BLIND_AFTER_SCANS = 5;
/** A blind lidar sees again after this many scans that show something. It takes longer, so that a loose contact does not fill the log. */
const SEES_AFTER_SCANS = 20;

/** Notices when a lidar still sends scans, but sees nothing. */
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
