package synod.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The two ports of a node of a local cluster.
 *
 * @param akka for the other nodes
 * @param http for clients
 */
public record Ports(int akka, int http) {
  /**
   * Below the ports that systems give to outgoing connections, so that none takes one meanwhile.
   */
  private static final int FREE_FROM = 20_000;

  private static final int FREE_TO = 32_000;

  /** Consecutive ports for that many nodes. */
  public static List<Ports> from(int akka, int http, int nodes) {
    return IntStream.range(0, nodes).mapToObj(i -> new Ports(akka + i, http + i)).toList();
  }

  /**
   * Ports that nobody on this machine listens on now, drawn at random, so that two clusters that
   * start at once rarely draw the same.
   */
  public static List<Ports> free(int nodes) {
    Random random = new Random();
    Set<Integer> found = new TreeSet<>();
    while (found.size() < 2 * nodes) {
      int port = random.nextInt(FREE_FROM, FREE_TO);
      if (whyTaken("127.0.0.1", port).isEmpty()) {
        found.add(port);
      }
    }
    List<Integer> ports = new ArrayList<>(found);
    return IntStream.range(0, nodes)
        .mapToObj(i -> new Ports(ports.get(i), ports.get(nodes + i)))
        .toList();
  }

  /** Why this address can't be listened on; nothing if it can. */
  static Optional<String> whyTaken(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of("unknown host");
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }
}
