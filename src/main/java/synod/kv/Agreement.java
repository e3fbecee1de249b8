package synod.kv;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares this replica with the others, by what they report through the log: the fingerprint of
 * their whole state right after a slot. Two replicas that differ tell nothing about which is wrong;
 * so each goes by the latest comparison with every other one, and is wrong itself if it differs
 * from at least half of all.
 *
 * <p>Local to a replica and in memory only: nothing in the state depends on it. Reports of slots
 * that aren't remembered any more, or were applied before a restart, are passed over.
 */
public final class Agreement {
  /** Fingerprints of this many latest slots are remembered. */
  static final int REMEMBERED = 4096;

  private final long[] slots = new long[REMEMBERED];
  private final long[] fingerprints = new long[REMEMBERED];
  private Set<String> differing = Set.of();

  Agreement() {}

  /** What this replica's state is right after a slot. */
  void remember(long slot, long fingerprint) {
    int at = (int) (slot % REMEMBERED);
    slots[at] = slot;
    fingerprints[at] = fingerprint;
  }

  void compare(String node, Command.ReportState report) {
    int at = (int) Long.remainderUnsigned(report.slot(), REMEMBERED);
    if (report.slot() > 0 && slots[at] == report.slot()) {
      boolean isEqual = fingerprints[at] == report.fingerprint();
      if (isEqual == differing.contains(node)) {
        Set<String> changed = new TreeSet<>(differing);
        if (isEqual) {
          changed.remove(node);
        } else {
          changed.add(node);
        }
        differing = Collections.unmodifiableSet(changed);
      }
    }
  }

  /** The nodes whose latest report that could be compared differs. */
  public Set<String> differing() {
    return differing;
  }

  /**
   * Why this replica is to be taken for the wrong one, if it is.
   *
   * @param replicas how many there are in the cluster, this one included
   */
  public Optional<String> verdict(int replicas) {
    return !differing.isEmpty() && 2 * differing.size() >= replicas
        ? Optional.of(
            "the state differs from that of "
                + String.join(", ", differing)
                + " at the same slot, which is at least half of all "
                + replicas
                + " replicas")
        : Optional.empty();
  }
}
