package synod.cli;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import synod.http.HttpServer;
import synod.http.Metrics;
import synod.node.Node;
import synod.node.NodeConfig;
import synod.node.NodeServices;
import synod.node.NodeStatus;
import synod.paxos.Role;

/** A node with its HTTP interface, in this process. */
final class RunningNode {
  private static final Duration POLL = Duration.ofMillis(20);

  private final Node node;

  private RunningNode(Node node) {
    this.node = node;
  }

  /**
   * Starts a node; it serves when the cluster has formed and a leader is known.
   *
   * @throws CommandFailedException if an address can't be had
   * @throws synod.storage.StorageRefusedException if the data directory can't be used
   */
  static RunningNode start(NodeConfig config, Config akka) {
    checkAddresses(config.self());
    makeParent(config.dataDirectory());
    Metrics metrics = new Metrics();
    Node node = Node.start(config, akka, metrics::count);
    try {
      HttpServer.start(node.services(), metrics).toCompletableFuture().join();
    } catch (CompletionException e) {
      node.stop().toCompletableFuture().join();
      throw new CommandFailedException(e.getCause().getMessage(), e);
    }
    return new RunningNode(node);
  }

  NodeServices services() {
    return node.services();
  }

  /**
   * Waits until the node is ready; one that serves no clients is ready at once.
   *
   * @return false if it ended before
   */
  boolean awaitReady() {
    NodeStatus status = services().status();
    boolean servesClients = services().config().has(Role.GATEWAY);
    while (!hasEnded()) {
      if (!servesClients || status.view().ready()) {
        return true;
      }
      Waiting.pause(POLL);
    }
    return false;
  }

  /** Waits until the node has ended and its data directory is closed. */
  void awaitEnd() {
    node.whenTerminated().toCompletableFuture().join();
  }

  /** Makes the node hand over, leave and end, step by step; doesn't wait. */
  void stop() {
    node.stop();
  }

  private boolean hasEnded() {
    return node.whenTerminated().toCompletableFuture().isDone();
  }

  /** Finds what is most often wrong, a node started twice, before anything is started. */
  private static void checkAddresses(NodeConfig.Node self) {
    Ports.whyTaken(self.host(), self.akkaPort())
        .ifPresent(why -> refuse(self, "akka-port", self.akkaPort(), why));
    Ports.whyTaken(self.host(), self.httpPort())
        .ifPresent(why -> refuse(self, "http-port", self.httpPort(), why));
  }

  private static void refuse(NodeConfig.Node self, String setting, int port, String why) {
    throw new CommandFailedException(
        "%s can't listen on %s:%d, its host and %s in cluster.conf: %s"
            .formatted(self.name(), self.host(), port, setting, why));
  }

  /** Makes the directory that nodes have theirs in; not what lies above it, which may be a disk. */
  static void makeParent(Path dataDirectory) {
    Path parent = dataDirectory.getParent();
    if (Files.isDirectory(parent)) {
      return;
    }
    try {
      Files.createDirectory(parent);
    } catch (IOException e) {
      throw new CommandFailedException(
          "synod.data-directory: " + parent + " can't be made: " + e, e);
    }
  }
}
