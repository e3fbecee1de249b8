package synod.cli.bench;

import java.util.List;
import java.util.concurrent.CompletionStage;
import synod.client.ClientSettings;
import synod.client.ReadOptions;
import synod.client.SynodClient;
import synod.node.NodeConfig;

/** The Java client, as any program uses it. */
final class SynodDriver implements Driver {
  private final SynodClient client;
  private final ReadOptions reads;

  /**
   * @param nodes to talk to
   * @param outstandingMax that will ever be under way
   */
  SynodDriver(String cluster, List<NodeConfig.Node> nodes, int outstandingMax, boolean stale) {
    ClientSettings.Builder settings = ClientSettings.builder(cluster).nodes(nodes);
    if (outstandingMax > settings.build().outstandingMax()) {
      settings.outstandingMax(outstandingMax);
    }
    client = SynodClient.connect(settings.build());
    reads = stale ? ReadOptions.STALE : ReadOptions.LINEARIZABLE;
  }

  @Override
  public void send(Operation operation, Reply reply) {
    CompletionStage<?> done =
        switch (operation.kind()) {
          case PUT -> client.put(operation.key(), operation.value());
          case GET -> client.get(operation.key(), reads);
          case DELETE -> client.delete(operation.key());
        };
    done.whenComplete(
        (answer, failure) -> {
          if (failure == null) {
            reply.succeeded();
          } else {
            reply.failed(failure.getMessage());
          }
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
