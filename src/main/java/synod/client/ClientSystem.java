package synod.client;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;
import synod.client.ClientSettings.Node;

/** The small actor system of a client that has none to live in; its guardian is the client. */
final class ClientSystem {
  private ClientSystem() {}

  /**
   * @throws IllegalArgumentException if there is no address at which nodes could reach the client
   */
  static ActorSystem<ClientActor.Command> start(ClientSettings settings) {
    String host =
        settings.host().isEmpty() ? hostTowards(settings.nodes().get(0)) : settings.host();
    Map<String, Object> derived = new HashMap<>();
    derived.put("akka.remote.artery.canonical.hostname", host);
    settings.tls().ifPresent(tls -> derived.putAll(tls.akkaSettings()));
    Config config =
        ConfigFactory.parseMap(derived)
            .withFallback(ConfigFactory.parseResources("synod-client.conf"))
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    return ActorSystem.create(ClientActor.create(settings), "synod-client", config);
  }

  /** The address of the interface that leads to a node. Sends nothing. */
  private static String hostTowards(Node node) {
    InetSocketAddress address = new InetSocketAddress(node.host(), node.port());
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "the host of node " + node.name() + " is unknown: " + node.host());
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(address);
      return socket.getLocalAddress().getHostAddress();
    } catch (SocketException e) {
      throw new IllegalArgumentException(
          "there is no way to node " + node.name() + " at " + node.host() + ": " + e.getMessage(),
          e);
    }
  }
}
