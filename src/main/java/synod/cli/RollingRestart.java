package synod.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Restarts the nodes of a local cluster one after the other, so that it serves all the time: each
 * only when all are well, and the leader last, so that leadership moves once.
 */
public final class RollingRestart {
  private final LocalCluster cluster;
  private final Consumer<LocalNode> starting;
  private final Duration startPatience;
  private final Duration stopPatience;
  private final Consumer<String> progress;

  /**
   * @param starting starts a node's process; throws if none may be started any more
   * @param startPatience how long a node may take to serve
   * @param stopPatience how long a node may take to end, before it is killed
   * @param progress told, in lines for a person, what is done
   */
  public RollingRestart(
      LocalCluster cluster,
      Consumer<LocalNode> starting,
      Duration startPatience,
      Duration stopPatience,
      Consumer<String> progress) {
    this.cluster = cluster;
    this.starting = starting;
    this.startPatience = startPatience;
    this.stopPatience = stopPatience;
    this.progress = progress;
  }

  /**
   * @return the names of those that had to be killed
   * @throws CommandFailedException if a node doesn't run before, or isn't well again afterwards;
   *     the nodes behind it are not touched
   */
  public List<String> run() {
    for (LocalNode node : cluster.nodes()) {
      if (node.state() != LocalNode.State.RUNNING) {
        throw new CommandFailedException(
            "%s is %s: all nodes must run before one more is taken away"
                .formatted(node.name(), node.state().label()));
      }
    }
    cluster.awaitWell(cluster.nodes(), startPatience, progress);
    List<String> killed = new ArrayList<>();
    for (LocalNode node : leaderLast()) {
      if (!restart(node)) {
        killed.add(node.name());
      }
    }
    return killed;
  }

  private List<LocalNode> leaderLast() {
    List<LocalNode> order = new ArrayList<>(cluster.nodes());
    cluster
        .leader()
        .ifPresent(
            leader -> {
              order.remove(leader);
              order.add(leader);
            });
    return order;
  }

  /** Whether it ended by itself. */
  private boolean restart(LocalNode node) {
    long begin = System.nanoTime();
    boolean ended = node.stop(stopPatience);
    long stopped = System.nanoTime();
    starting.accept(node);
    cluster.awaitWell(List.of(node), startPatience, progress);
    progress.accept(
        String.format(
            Locale.ROOT,
            "restarted %s: %s after %.1f s, serves again after %.1f s",
            node.name(),
            ended ? "ended" : "KILLED",
            (stopped - begin) / 1e9,
            (System.nanoTime() - begin) / 1e9));
    return ended;
  }
}
