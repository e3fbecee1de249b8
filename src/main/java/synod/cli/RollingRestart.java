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
  private final Duration startPatience;
  private final Duration stopPatience;
  private final Consumer<String> progress;

  /**
   * @param startPatience how long a node may take to serve
   * @param stopPatience how long a node may take to end, before it is killed
   * @param progress told, in lines for a person, what is done
   */
  public RollingRestart(
      LocalCluster cluster,
      Duration startPatience,
      Duration stopPatience,
      Consumer<String> progress) {
    this.cluster = cluster;
    this.startPatience = startPatience;
    this.stopPatience = stopPatience;
    this.progress = progress;
  }

  /**
   * @throws CommandFailedException if a node doesn't run before, or isn't well again afterwards;
   *     the nodes behind it are not touched
   */
  public void run() {
    for (LocalNode node : cluster.nodes()) {
      if (node.state() != LocalNode.State.RUNNING) {
        throw new CommandFailedException(
            "%s is %s: all nodes must run before one more is taken away"
                .formatted(node.name(), node.state().label()));
      }
    }
    cluster.awaitWell(cluster.nodes(), startPatience, progress);
    for (LocalNode node : leaderLast()) {
      restart(node);
    }
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

  private void restart(LocalNode node) {
    long begin = System.nanoTime();
    boolean ended = node.stop(stopPatience);
    long stopped = System.nanoTime();
    node.start();
    cluster.awaitWell(List.of(node), startPatience, progress);
    progress.accept(
        String.format(
            Locale.ROOT,
            "restarted %s: %s after %.1f s, serves again after %.1f s",
            node.name(),
            ended ? "ended" : "KILLED",
            (stopped - begin) / 1e9,
            (System.nanoTime() - begin) / 1e9));
  }
}
