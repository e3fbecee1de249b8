package synod.cli.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import synod.cli.store.HttpAccess.Configured;
import synod.client.ClientSettings;
import synod.client.ClientSettings.Failover;
import synod.node.NodeConfig;
import synod.node.Tls;
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
  ConsoleAccess(HttpAccess http, ClientCertificate certificate, Consumer<Failover> failovers) {
    nodes = http.nodes();
    Optional<Tls> tls = certificate.with(http.ca());
    if (http.isHttpOnly() || http.ca() != null && tls.isEmpty()) {
      store = new KnownKeys(http.store());
      close = () -> {};
    } else {
      ClientStore client = new ClientStore(settings(http.configured(), tls, failovers));
      store = new KnownKeys(client);
      close = client::close;
    }
  }

  private static ClientSettings settings(
      Configured configured, Optional<Tls> tls, Consumer<Failover> failovers) {
    List<NodeConfig.Node> nodes = configured.nodes();
    if (nodes.stream().noneMatch(node -> node.roles().contains(Role.GATEWAY))) {
      throw new UsageException("none of the nodes serves clients: they have no gateway");
    }
    ClientSettings.Builder settings =
        ClientSettings.builder(configured.clusterName()).nodes(nodes).failoverListener(failovers);
    tls.ifPresent(settings::tls);
    return settings.build();
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
