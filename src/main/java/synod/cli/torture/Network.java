package synod.cli.torture;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import synod.cli.CommandFailedException;

/**
 * A network of machines on this one: for each node a network namespace with an address of its own,
 * a pair of virtual interfaces from each to a bridge in a further namespace, and one more pair to
 * the host, where the clients are. Of the host's own network nothing changes but for that one
 * interface. Needs root.
 */
public final class Network implements AutoCloseable {
  private static final String INSIDE = "eth0";
  private static final String BRIDGE = "br0";
  private static final int CLIENTS = 254;
  private static final int TRIES = 50;
  private static final int NOBODY_LISTENS = 9;
  private static final int KNOCK_MILLIS = 200;
  private static final long REACHED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Pattern COUNTER = Pattern.compile("^\\[(\\d+):\\d+] -A INPUT (.*)");

  private static final String SOME = "-m statistic --mode random --probability ";

  private final String name;
  private final String subnet;
  private final List<String> nodes;

  /**
   * Packets that a node doesn't get.
   *
   * @param at the node
   * @param from the address that they come from
   * @param share of them, up to 1
   */
  record Drop(String at, String from, double share) {}

  private Network(String name, String subnet, List<String> nodes) {
    this.name = name;
    this.subnet = subnet;
    this.nodes = nodes;
  }

  /**
   * Makes it, or nothing. On return all nodes are reached from the host.
   *
   * @param name of this run alone; the namespaces' names begin with it
   * @param nodes their names
   * @throws CommandFailedException saying why that can't be
   */
  public static Network create(String name, List<String> nodes) {
    for (String tool : List.of("ip", "tc", "iptables-restore", "iptables-save", "nsenter")) {
      if (Shell.find(tool).isEmpty()) {
        throw new CommandFailedException(
            tool + " is not installed (Debian: apt install iproute2 iptables util-linux)");
      }
    }
    Network network = new Network(name, unusedSubnet(), nodes);
    try {
      network.make();
      nodes.forEach(network::awaitReached);
    } catch (CommandFailedException e) {
      network.close();
      throw e;
    }
    return network;
  }

  private void make() {
    ip("netns", "add", middle());
    ip("-n", middle(), "link", "add", BRIDGE, "type", "bridge");
    ip("-n", middle(), "link", "set", BRIDGE, "up");
    for (String node : nodes) {
      String machine = namespace(node);
      ip("netns", "add", machine);
      plug(node, INSIDE, "netns", machine);
      ip("-n", machine, "addr", "add", address(node) + "/24", "dev", INSIDE);
      ip("-n", machine, "link", "set", INSIDE, "up");
      ip("-n", machine, "link", "set", "lo", "up");
      firewall(node, List.of());
    }
    plug("host", hostInterface());
    ip("addr", "add", clients() + "/24", "dev", hostInterface());
    ip("link", "set", hostInterface(), "up");
  }

  /** What was plugged together a moment ago needn't carry packets yet. */
  private void awaitReached(String node) {
    long deadline = System.nanoTime() + REACHED_WITHIN_NANOS;
    while (!isReached(node)) {
      if (System.nanoTime() - deadline > 0) {
        throw new CommandFailedException(
            "the network namespace of " + node + " isn't reached at " + address(node));
      }
    }
  }

  private boolean isReached(String node) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address(node), NOBODY_LISTENS), KNOCK_MILLIS);
      return true;
    } catch (ConnectException e) {
      // Somebody is there to refuse.
      return true;
    } catch (SocketTimeoutException | NoRouteToHostException e) {
      return false;
    } catch (IOException e) {
      throw new CommandFailedException("can't connect to " + address(node) + ": " + e, e);
    }
  }

  /** A pair of interfaces, one end of it in the bridge. */
  private void plug(String end, String... other) {
    ip(
        Stream.concat(
                Stream.of("link", "add", end, "netns", middle(), "type", "veth", "peer", "name"),
                Arrays.stream(other))
            .toArray(String[]::new));
    ip("-n", middle(), "link", "set", end, "master", BRIDGE, "up");
  }

  private static String unusedSubnet() {
    Random random = new Random();
    for (int i = 0; i < TRIES; i++) {
      String subnet = "10." + random.nextInt(64, 255) + "." + random.nextInt(256);
      String covering = ip("-4", "route", "show", "match", subnet + ".0/24");
      String inside = ip("-4", "route", "show", "root", subnet + ".0/24");
      if (inside.isEmpty() && covering.lines().allMatch(line -> line.startsWith("default"))) {
        return subnet;
      }
    }
    throw new CommandFailedException("no private subnet is free");
  }

  private String middle() {
    return name + "-bridge";
  }

  private String namespace(String node) {
    return name + "-" + node;
  }

  /** At most 15 characters, as the kernel wants it. */
  private String hostInterface() {
    return name.replace("-", "");
  }

  /** Of a node, for the others and for clients. */
  public String address(String node) {
    return subnet + "." + (nodes.indexOf(node) + 1);
  }

  /** Where all clients are, this program too. */
  String clients() {
    return subnet + "." + CLIENTS;
  }

  /** The words before a command that shall run on a node's machine. */
  public List<String> enter(String node) {
    return List.of("nsenter", "--net=/run/netns/" + namespace(node));
  }

  private String in(String node, String input, String... command) {
    return Shell.run(Stream.concat(enter(node).stream(), Arrays.stream(command)).toList(), input);
  }

  /** From now on these packets are lost, and no others. */
  void drop(List<Drop> drops) {
    Map<String, List<Drop>> byNode = drops.stream().collect(Collectors.groupingBy(Drop::at));
    byNode.forEach(this::firewall);
  }

  /** How many packets each of these lost; 0 for those that weren't asked for. */
  List<Long> dropped(List<Drop> drops) {
    return counters(drops, rule -> rule.endsWith("-j DROP"));
  }

  /** How many packets came to each of these, to be lost or spared. */
  List<Long> tried(List<Drop> drops) {
    return counters(drops, rule -> !rule.contains(SOME));
  }

  private List<Long> counters(List<Drop> drops, Predicate<String> wanted) {
    List<Long> counts = new ArrayList<>();
    for (String node : nodes) {
      if (drops.stream().anyMatch(drop -> drop.at().equals(node))) {
        for (String line : in(node, "", "iptables-save", "-c", "-t", "filter").lines().toList()) {
          Matcher matcher = COUNTER.matcher(line);
          if (matcher.find() && wanted.test(matcher.group(2).strip())) {
            counts.add(Long.parseLong(matcher.group(1)));
          }
        }
      }
    }
    return counts;
  }

  private void firewall(String node, List<Drop> drops) {
    String rules = drops.stream().map(Network::rules).collect(Collectors.joining());
    in(
        node,
        "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
            + rules
            + "COMMIT\n",
        "iptables-restore");
  }

  /** A share of less than all needs a rule that counts them all besides. */
  private static String rules(Drop drop) {
    String from = "-A INPUT -s " + drop.from() + "/32";
    return drop.share() < 1
        ? String.format(Locale.ROOT, "%s\n%s %s%.4f -j DROP\n", from, from, SOME, drop.share())
        : from + " -j DROP\n";
  }

  /**
   * Changes how a node sends.
   *
   * @param discipline the words of {@code tc qdisc} from the kind on
   * @throws CommandFailedException if the kernel can't do that
   */
  void shape(String node, String... discipline) {
    in(
        node,
        "",
        Stream.concat(
                Stream.of("tc", "qdisc", "add", "dev", INSIDE, "root"), Arrays.stream(discipline))
            .toArray(String[]::new));
  }

  void unshape(String node) {
    in(node, "", "tc", "qdisc", "del", "dev", INSIDE, "root");
  }

  /** The number before or behind a word in the statistics of what {@link #shape} set. */
  long statistic(String node, Pattern number) {
    Matcher matcher =
        number.matcher(in(node, "", "tc", "-s", "qdisc", "show", "dev", INSIDE, "root"));
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** From now on a node hears nobody and nobody hears it: its cable is out. */
  public void unplug(String node) {
    ip("-n", middle(), "link", "set", node, "down");
  }

  /** Undoes {@link #unplug}. */
  public void replug(String node) {
    ip("-n", middle(), "link", "set", node, "up");
  }

  /** Lets everything through again. */
  void heal() {
    nodes.forEach(node -> firewall(node, List.of()));
  }

  /** Removes whatever of it is there; the machines' processes must have ended. */
  @Override
  public void close() {
    String interfaces = ip("-br", "link");
    if (interfaces.lines().anyMatch(line -> line.startsWith(hostInterface() + "@"))) {
      ip("link", "del", hostInterface());
    }
    List<String> there =
        ip("netns", "list").lines().map(line -> line.strip().split(" ")[0]).toList();
    Stream.concat(nodes.stream().map(this::namespace), Stream.of(middle()))
        .filter(there::contains)
        .forEach(machine -> ip("netns", "del", machine));
  }

  private static String ip(String... arguments) {
    return Shell.run(Stream.concat(Stream.of("ip"), Arrays.stream(arguments)).toList());
  }
}
