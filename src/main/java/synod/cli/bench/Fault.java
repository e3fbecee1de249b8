package synod.cli.bench;

import java.util.List;
import java.util.function.Consumer;

/** A way in which a cluster loses its leader. Used by one thread. */
interface Fault extends AutoCloseable {
  /** Whose leader it is. */
  String target();

  /** What happens to it, in a word. */
  String how();

  /** What people should know of it; may be empty. */
  String version();

  /**
   * Starts the cluster and connects to it.
   *
   * @param progress told what is waited for
   * @throws synod.cli.CommandFailedException saying why that can't be
   */
  void prepare(Consumer<String> progress);

  /** The leader of now as the one to be struck, and clients of the nodes that will be left. */
  List<Driver> aim();

  /** Takes the leader that was aimed at away. */
  void strike();

  /** Brings it back, and waits until all is as before. */
  void repair(Consumer<String> progress);

  /** Ends clients, and servers. */
  @Override
  void close();
}
