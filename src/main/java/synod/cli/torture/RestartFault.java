package synod.cli.torture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import synod.cli.CommandFailedException;
import synod.cli.LocalNode;
import synod.cli.RollingRestart;

/**
 * All nodes are told to end (SIGTERM) and started again, one after the other, as for new settings.
 */
record RestartFault(Lab lab) implements Fault {
  @Override
  public Kind kind() {
    return Kind.ROLLING_RESTART;
  }

  @Override
  public String variant() {
    return "";
  }

  @Override
  public Strike strike(Random random) {
    return new Restarted();
  }

  private final class Restarted implements Strike {
    private final Map<String, OptionalLong> before = pids();
    private final String leader = leaderName();

    @Override
    public String what() {
      return before.keySet().stream().collect(Collectors.joining(" "));
    }

    /** It lasts until the last node is back. */
    @Override
    public long millis() {
      return 0;
    }

    @Override
    public void heal() {
      List<String> killed =
          new RollingRestart(
                  lab.cluster(), lab::start, Nemesis.PATIENCE, Lab.STOP_PATIENCE, line -> {})
              .run();
      if (!killed.isEmpty()) {
        throw new CommandFailedException(
            String.join(", ", killed) + " did not stop when asked to, in a rolling restart");
      }
    }

    @Override
    public Bite bite() {
      Map<String, OptionalLong> after = pids();
      long replaced =
          before.keySet().stream()
              .filter(name -> !before.get(name).equals(after.get(name)))
              .count();
      return new Bite(
          replaced == Lab.NODES,
          "%d processes ended when asked to and were replaced, %s led before and %s afterwards"
              .formatted(replaced, leader, leaderName()));
    }

    private Map<String, OptionalLong> pids() {
      Map<String, OptionalLong> pids = new LinkedHashMap<>();
      lab.nodes().forEach(node -> pids.put(node.name(), node.pid()));
      return pids;
    }

    private String leaderName() {
      return lab.leader().map(LocalNode::name).orElse("nobody");
    }
  }
}
