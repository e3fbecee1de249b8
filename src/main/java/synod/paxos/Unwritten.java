package synod.paxos;

import java.util.ArrayDeque;
import java.util.Deque;

/** How much memory is held by writes that wait for the disk, with a bound on it. */
final class Unwritten {
  /**
   * So many bytes may wait for a disk that stands still. A leader that needs the vote of this node
   * has far less in flight; one that doesn't goes on without it, and would fill the memory.
   */
  static final long MAX = 16L << 20;

  /** What waits along with an entry or a promise, generously. */
  private static final int OVERHEAD = 1 << 10;

  private final Deque<Write> writes = new ArrayDeque<>();

  /**
   * Invariant: the sum of {@link #writes}, and at most {@link #MAX} unless that is a single one.
   */
  private long bytes;

  private record Write(long id, long bytes) {}

  /** Whether there is room for so many bytes more; there always is when nothing waits. */
  boolean hasRoom(int more) {
    return writes.isEmpty() || bytes + OVERHEAD + more <= MAX;
  }

  void add(long id, int length) {
    writes.add(new Write(id, OVERHEAD + length));
    bytes += OVERHEAD + length;
  }

  /** All up to this one have been written. */
  void persisted(long id) {
    while (!writes.isEmpty() && writes.peek().id() <= id) {
      bytes -= writes.remove().bytes();
    }
  }
}
