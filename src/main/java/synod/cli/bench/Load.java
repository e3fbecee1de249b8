package synod.cli.bench;

import java.util.Locale;

/**
 * What is asked of a target at a time.
 *
 * @param operation the name of the mix
 * @param outstanding in a closed loop, how many operations are under way at any time; in an open
 *     one, at most
 * @param rate operations a second of an open loop; 0 for a closed one
 */
record Load(String operation, Mix mix, int outstanding, int rate) {
  static Load closed(String operation, Mix mix, int outstanding) {
    return new Load(operation, mix, outstanding, 0);
  }

  static Load open(String operation, Mix mix, int outstandingMax, int rate) {
    return new Load(operation, mix, outstandingMax, rate);
  }

  boolean isOpen() {
    return rate > 0;
  }

  /** How hard it is, without what it does. */
  String strength() {
    return isOpen() ? String.format(Locale.ROOT, "%,d/s", rate) : Integer.toString(outstanding);
  }

  String label() {
    return operation + " " + strength();
  }
}
