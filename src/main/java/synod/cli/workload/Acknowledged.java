package synod.cli.workload;

import java.util.HashSet;
import java.util.Set;
import synod.kv.SessionId;

/** The writes that clients were told to have taken effect. May be used by any thread. */
public final class Acknowledged {
  /** A write, as the log knows it. */
  record Write(SessionId session, long sequence) {}

  private final Set<Write> writes = new HashSet<>();

  synchronized void add(NodeHttp.Stamp stamp) {
    writes.add(new Write(SessionId.parse(stamp.session()), stamp.sequence()));
  }

  public synchronized int size() {
    return writes.size();
  }

  /** A copy. */
  synchronized Set<Write> all() {
    return new HashSet<>(writes);
  }
}
