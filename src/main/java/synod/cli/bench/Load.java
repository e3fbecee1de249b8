package synod.cli.bench;

import java.util.Locale;

/**
 * What is asked of a target at a time.
 *
 * @param operation the name of the mix
 * @param outstanding in a closed loop, how many operations are under way at any time; in an open
 *     one, at most
 * @param rate operations a second of an open loop; 0 for a closed one
 * @param varied what tells its size from the run's others; null if there are no others
 */
record Load(String operation, Mix mix, int outstanding, int rate, Size.Varied varied) {
  static Load closed(String operation, Mix mix, int outstanding) {
    return new Load(operation, mix, outstanding, 0, null);
  }

  static Load open(String operation, Mix mix, int outstandingMax, int rate) {
    return new Load(operation, mix, outstandingMax, rate, null);
  }

  /** The same load on one of several sizes. */
  Load at(Size.Varied size) {
    return new Load(operation, mix, outstanding, rate, size);
  }

  boolean isOpen() {
    return rate > 0;
  }

  /** How hard it is, without what it does. */
  String strength() {
    return isOpen() ? String.format(Locale.ROOT, "%,d/s", rate) : Integer.toString(outstanding);
  }

  String label() {
    return varied == null
        ? name()
        : String.format(Locale.ROOT, "%s, %,d %s", name(), varied.value(), varied.name());
  }

  /** What it is called on any size. */
  String name() {
    return operation + " " + strength();
  }
}
