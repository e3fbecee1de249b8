package synod.cli.torture;

import synod.cli.torture.Fault.Bite;

/**
 * A fault that was.
 *
 * @param what to whom it was done, and how much
 * @param startNanos when it began
 * @param healNanos when it ended
 * @param backNanos when all nodes served again
 */
record Event(Fault fault, String what, Bite bite, long startNanos, long healNanos, long backNanos) {
  long backMillis() {
    return (backNanos - healNanos) / 1_000_000;
  }
}
