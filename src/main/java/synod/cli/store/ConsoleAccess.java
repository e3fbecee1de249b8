package synod.cli.store;

import java.util.List;
import java.util.function.Consumer;
import synod.cli.store.HttpAccess.Configured;
import synod.client.ClientSettings;
import synod.client.ClientSettings.Failover;
import synod.node.NodeConfig;
import synod.paxos.Role;

/** How the console reaches the cluster, for as long as it runs. */
final class ConsoleAccess implements Access, AutoCloseable {
  private final HttpNodes nodes;
  private final KnownKeys store;
  private final Runnable close;

  /**
   * @param failovers told, from another thread, when the client went over to another node
   * @throws UsageException if the nodes that were given make no sense
   */
  ConsoleAccess(HttpAccess http, Consumer<Failover> failovers) {
    nodes = http.nodes();
    if (http.isHttpOnly()) {
      store = new KnownKeys(http.store());
      close = () -> {};
    } else {
      ClientStore client = new ClientStore(settings(http.configured(), failovers));
      store = new KnownKeys(client);
      close = client::close;
    }
  }

  private static ClientSettings settings(Configured configured, Consumer<Failover> failovers) {
    List<NodeConfig.Node> nodes = configured.nodes();
    if (nodes.stream().noneMatch(node -> node.roles().contains(Role.GATEWAY))) {
      throw new UsageException("none of the nodes serves clients: they have no gateway");
    }
    return ClientSettings.builder(configured.clusterName())
        .nodes(nodes)
        .failoverListener(failovers)
        .build();
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public HttpNodes nodes() {
    return nodes;
  }

  List<String> knownKeys() {
    return store.keys();
  }

  @Override
  public void close() {
    close.run();
  }
}
