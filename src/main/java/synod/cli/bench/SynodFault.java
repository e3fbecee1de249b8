package synod.cli.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import synod.cli.CommandFailedException;
import synod.node.NodeConfig;

/** What is common to the ways in which Synod loses its leader. */
abstract class SynodFault implements Fault {
  private final String how;
  private final Function<NodeConfig.Node, Driver> connecting;
  private final Map<String, Driver> drivers = new LinkedHashMap<>();
  protected final SynodServers servers;
  protected NodeConfig.Node leader;

  /**
   * @param connecting gives a client of one node alone
   */
  SynodFault(String how, SynodServers servers, Function<NodeConfig.Node, Driver> connecting) {
    this.how = how;
    this.servers = servers;
    this.connecting = connecting;
  }

  /** {@code kill -9} of the leader's process. */
  static Fault kill(SynodServers servers, Function<NodeConfig.Node, Driver> connecting) {
    return new SynodFault("kill", servers, connecting) {
      @Override
      public void strike() {
        servers.kill(leader);
      }
    };
  }

  /** Chaos stops the leader's proposer; the rest of its node goes on. */
  static Fault chaos(SynodServers servers, Function<NodeConfig.Node, Driver> connecting) {
    return new SynodFault("chaos", servers, connecting) {
      private final Web web = new Web();

      @Override
      public void strike() {
        try {
          web.post(
              SynodServers.url(leader) + "/v1/chaos/kill",
              JsonNodeFactory.instance.objectNode().put("role", "proposer").put("downtime", "4s"));
        } catch (IOException e) {
          throw new CommandFailedException("chaos did not strike: " + e.getMessage(), e);
        }
      }
    };
  }

  /** The leader's machine is cut off from everybody. */
  static Fault cut(SynodServers servers, Function<NodeConfig.Node, Driver> connecting) {
    return new SynodFault("cut", servers, connecting) {
      @Override
      public void strike() {
        servers.unplug(leader);
      }

      @Override
      public void repair(Consumer<String> progress) {
        servers.replug(leader);
        super.repair(progress);
      }
    };
  }

  @Override
  public String target() {
    return TargetOptions.SYNOD;
  }

  @Override
  public String how() {
    return how;
  }

  @Override
  public String version() {
    return servers.version();
  }

  @Override
  public void prepare(Consumer<String> progress) {
    servers.start(progress);
    servers.nodes().forEach(node -> drivers.put(node.name(), connecting.apply(node)));
  }

  @Override
  public List<Driver> aim() {
    leader = servers.awaitLeader();
    return drivers.entrySet().stream()
        .filter(node -> !node.getKey().equals(leader.name()))
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public void repair(Consumer<String> progress) {
    servers.start(progress);
    servers.awaitRolesUp();
  }

  @Override
  public void close() {
    drivers.values().forEach(Driver::close);
    servers.close();
  }
}
