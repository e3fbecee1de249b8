package synod.cli.workload;

import java.util.HashMap;
import java.util.Map;
import synod.check.Operation;

/** The writes that clients were told to have taken effect. May be used by any thread. */
public final class Acknowledged {
  private final Map<Long, Operation> writes = new HashMap<>();

  /**
   * @param revision the one that the write was said to have made
   */
  synchronized void add(long revision, Operation write) {
    writes.put(revision, write);
  }

  public synchronized int size() {
    return writes.size();
  }

  /** A copy, by revision. */
  synchronized Map<Long, Operation> all() {
    return new HashMap<>(writes);
  }
}
