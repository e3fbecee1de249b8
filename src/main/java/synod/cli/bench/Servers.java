package synod.cli.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A cluster that is measured. Closing it ends every process that it started, and no other; it may
 * be closed by any thread at any time.
 */
interface Servers extends AutoCloseable {
  /**
   * Each is empty if not all of them tell.
   *
   * @param flushes how often all of them together have synced a log to disk
   * @param elections how often a leader was elected
   */
  record Counters(OptionalLong flushes, OptionalLong elections) {
    static final Counters UNKNOWN = new Counters(OptionalLong.empty(), OptionalLong.empty());
  }

  /**
   * Starts what is to be started and waits until all of it serves.
   *
   * @param progress told, in lines for a person, what is waited for
   * @throws synod.cli.CommandFailedException saying why it can't be had
   */
  void start(Consumer<String> progress);

  /** What it is and its version. */
  String version();

  /** Of the processes that run; none if they aren't this program's. */
  List<Long> pids();

  /** What they have counted since they started. */
  Counters counters();

  /** What is plainly wrong with it now, such as a process that has ended. */
  Optional<String> problem();

  @Override
  void close();
}
