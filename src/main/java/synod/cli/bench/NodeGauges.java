package synod.cli.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import synod.cli.CommandFailedException;
import synod.node.NodeConfig;

/** What each node of a cluster takes up now: by its own metrics, and by the kernel's account. */
final class NodeGauges implements Supplier<Map<String, Map<Figure, Double>>> {
  private static final double MEBIBYTE = 1 << 20;
  private static final String DISK = "synod_disk_used_bytes{";
  private static final String PART = DISK + "part=";

  private final SynodServers servers;

  NodeGauges(SynodServers servers) {
    this.servers = servers;
  }

  /**
   * By the node's name; a node that doesn't answer has no figures. Blocks.
   *
   * @throws CommandFailedException if a node answers without a figure that it should have
   */
  @Override
  public Map<String, Map<Figure, Double>> get() {
    Map<String, Map<Figure, Double>> all = new TreeMap<>();
    for (NodeConfig.Node node : servers.nodes()) {
      all.put(node.name(), figures(node));
    }
    return all;
  }

  private Map<Figure, Double> figures(NodeConfig.Node node) {
    Map<Figure, Double> figures;
    try {
      figures = read(node.name(), servers.scrape(node));
    } catch (IOException e) {
      return Map.of(); // whoever reads the samples sees that, and counts how often
    }
    OptionalLong pid = servers.pid(node);
    if (pid.isPresent()) {
      Processes.residentBytes(List.of(pid.getAsLong()))
          .ifPresent(bytes -> figures.put(Figure.RESIDENT, bytes / MEBIBYTE));
    }
    return figures;
  }

  private static Map<Figure, Double> read(String node, String scraped) {
    Scrape scrape = new Scrape(node, scraped);
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    figures.put(Figure.DISK, scrape.get(DISK) / MEBIBYTE);
    figures.put(Figure.LOG_DISK, scrape.get(PART + "\"acceptor\"") / MEBIBYTE);
    figures.put(Figure.STATE_DISK, scrape.get(PART + "\"state\"") / MEBIBYTE);
    // There is no such part before the first snapshot.
    figures.put(
        Figure.SNAPSHOT_DISK, Web.sum(scraped, PART + "\"checkpoints\"").orElse(0) / MEBIBYTE);
    figures.put(Figure.HISTORY, scrape.get("synod_history_bytes ") / MEBIBYTE);
    figures.put(Figure.LOG_SLOTS, scrape.get("synod_log_slots "));
    figures.put(Figure.HEAP, scrape.get("jvm_memory_used_bytes{area=\"heap\"") / MEBIBYTE);
    double live = scrape.get("jvm_gc_live_data_size_bytes ") / MEBIBYTE;
    if (live > 0) {
      figures.put(Figure.LIVE, live);
    }
    figures.put(Figure.SNAPSHOTS, scrape.get("synod_snapshots_taken_total "));
    return figures;
  }

  /** What a node told. */
  private record Scrape(String node, String scraped) {
    private double get(String beginning) {
      return Web.sum(scraped, beginning)
          .orElseThrow(
              () ->
                  new CommandFailedException(
                      node
                          + " has no metric "
                          + beginning.strip()
                          + "; is it of another version?"));
    }
  }
}
