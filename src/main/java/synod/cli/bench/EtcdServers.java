package synod.cli.bench;

import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import synod.cli.CommandFailedException;
import synod.cli.Ports;

/**
 * A cluster of etcd on free ports, each member a process with a data directory beside the others',
 * as etcd is by default: every write is synced. Only its limit on stored data is raised, which a
 * long run would hit.
 */
final class EtcdServers implements Servers {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration STATUS_PATIENCE = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 50;
  private static final long QUOTA_BYTES = 8L << 30;
  private static final String LOOPBACK = "127.0.0.1";
  private static final String FLUSHES = "etcd_disk_wal_fsync_duration_seconds_count";
  private static final String ELECTIONS = "etcd_server_leader_changes_seen_total";
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final int TAIL_LINES = 5;

  private final String binary;
  private final Path directory;
  private final List<Ports> ports;
  private final Web web = new Web();
  private final List<Process> members = new ArrayList<>();
  private boolean closed;
  private volatile String version = "etcd";

  /**
   * Starts nothing.
   *
   * @param directory which isn't there yet
   * @throws CommandFailedException if etcd isn't installed; says how to
   */
  static EtcdServers create(Path directory, int members, Path binary) {
    return new EtcdServers(find(binary), directory, Ports.free(members));
  }

  private EtcdServers(String binary, Path directory, List<Ports> ports) {
    this.binary = binary;
    this.directory = directory;
    this.ports = ports;
  }

  /**
   * The program to start.
   *
   * @param chosen null for the one that is installed
   * @throws CommandFailedException if it isn't there
   */
  static String find(Path chosen) {
    if (chosen != null) {
      if (!Files.isExecutable(chosen)) {
        throw new CommandFailedException("--etcd: there is no program " + chosen);
      }
      return chosen.toAbsolutePath().toString();
    }
    return installed()
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "etcd is not installed (Debian: apt install etcd-server); --etcd FILE names"
                        + " one elsewhere"));
  }

  /** The etcd on the PATH. */
  static Optional<String> installed() {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(File.pathSeparator))
        .filter(place -> !place.isEmpty())
        .map(place -> Path.of(place, "etcd"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  @Override
  public void start(Consumer<String> progress) {
    for (int i = 0; i < ports.size(); i++) {
      start(i);
    }
    awaitServing(progress);
    try {
      version = "etcd " + web.json(url(0) + "/version").path("etcdserver").asText();
    } catch (IOException e) {
      fail("etcd doesn't tell its version: " + e.getMessage());
    }
  }

  /** Starts a member that was killed, and waits until all serve. */
  void restart(int member, Consumer<String> progress) {
    start(member);
    awaitServing(progress);
  }

  private void awaitServing(Consumer<String> progress) {
    long deadline = System.nanoTime() + START_PATIENCE.toNanos();
    while (!serves()) {
      problem().ifPresent(why -> fail(why));
      if (System.nanoTime() - deadline > 0) {
        fail("etcd doesn't serve within " + START_PATIENCE.toSeconds() + " s");
      }
      progress.accept("waiting for etcd");
      pause();
    }
  }

  private void fail(String what) {
    throw new CommandFailedException(what + logTails());
  }

  private boolean serves() {
    try {
      for (int i = 0; i < ports.size(); i++) {
        if (!"true".equals(web.json(url(i) + "/health").path("health").asText())) {
          return false;
        }
      }
      return leader().isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }

  private synchronized void start(int member) {
    if (closed) {
      throw new CommandFailedException("stopped");
    }
    try {
      Files.createDirectories(directory);
      Process process =
          new ProcessBuilder(command(member))
              .redirectInput(new File("/dev/null"))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log(member).toFile()))
              .redirectErrorStream(true)
              .start();
      if (member < members.size()) {
        members.set(member, process);
      } else {
        members.add(process);
      }
    } catch (IOException e) {
      throw new CommandFailedException("etcd can't be started: " + e.getMessage(), e);
    }
  }

  private List<String> command(int member) {
    List<String> command = new ArrayList<>();
    // Else Ctrl-C in the terminal would reach the member too.
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    String peers =
        IntStream.range(0, ports.size())
            .mapToObj(i -> name(i) + "=" + peerUrl(i))
            .collect(Collectors.joining(","));
    command.addAll(List.of(binary, "--name", name(member)));
    command.addAll(List.of("--data-dir", directory.resolve(name(member)).toString()));
    command.addAll(List.of("--listen-client-urls", url(member)));
    command.addAll(List.of("--advertise-client-urls", url(member)));
    command.addAll(List.of("--listen-peer-urls", peerUrl(member)));
    command.addAll(List.of("--initial-advertise-peer-urls", peerUrl(member)));
    command.addAll(List.of("--initial-cluster", peers, "--initial-cluster-state", "new"));
    command.addAll(List.of("--initial-cluster-token", directory.toString()));
    command.addAll(List.of("--quota-backend-bytes", Long.toString(QUOTA_BYTES)));
    command.addAll(List.of("--logger", "zap", "--log-level", "warn"));
    return command;
  }

  private static String name(int member) {
    return "m" + (member + 1);
  }

  private Path log(int member) {
    return directory.resolve(name(member) + ".log");
  }

  private String url(int member) {
    return "http://" + LOOPBACK + ":" + ports.get(member).http();
  }

  private String peerUrl(int member) {
    return "http://" + LOOPBACK + ":" + ports.get(member).akka();
  }

  int size() {
    return ports.size();
  }

  /** Where a member serves clients. */
  InetSocketAddress address(int member) {
    return new InetSocketAddress(LOOPBACK, ports.get(member).http());
  }

  /** Which member leads, as the members themselves say. */
  Optional<Integer> leader() {
    for (int i = 0; i < ports.size(); i++) {
      if (leads(i)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private boolean leads(int member) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(address(member)).usePlaintext().build();
    try {
      StatusResponse status =
          MaintenanceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(STATUS_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .status(StatusRequest.getDefaultInstance());
      return status.getLeader() != 0 && status.getLeader() == status.getHeader().getMemberId();
    } catch (StatusRuntimeException e) {
      return false;
    } finally {
      channel.shutdownNow();
    }
  }

  /** {@code kill -9} of a member; waits for its end. */
  synchronized void kill(int member) {
    Process process = members.get(member).destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted", e);
    }
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public synchronized List<Long> pids() {
    return members.stream().filter(Process::isAlive).map(Process::pid).toList();
  }

  @Override
  public Counters counters() {
    long flushes = 0;
    long elections = 0;
    for (int i = 0; i < ports.size(); i++) {
      try {
        String scraped = web.get(url(i) + "/metrics");
        flushes += Web.metric(scraped, FLUSHES);
        // Every member counts every change that it sees.
        elections = Math.max(elections, Web.metric(scraped, ELECTIONS));
      } catch (IOException e) {
        return Counters.UNKNOWN;
      }
    }
    return new Counters(OptionalLong.of(flushes), OptionalLong.of(elections));
  }

  @Override
  public synchronized Optional<String> problem() {
    List<String> gone =
        IntStream.range(0, members.size())
            .filter(i -> !members.get(i).isAlive())
            .mapToObj(EtcdServers::name)
            .toList();
    return gone.isEmpty()
        ? Optional.empty()
        : Optional.of("the process of etcd's member " + String.join(", ", gone) + " has ended");
  }

  private String logTails() {
    StringBuilder tails = new StringBuilder();
    for (int i = 0; i < ports.size(); i++) {
      try {
        List<String> lines = Files.readAllLines(log(i));
        tails.append(System.lineSeparator()).append("  the end of ").append(log(i)).append(':');
        lines
            .subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())
            .forEach(line -> tails.append(System.lineSeparator()).append("    ").append(line));
      } catch (IOException e) {
        tails.append(System.lineSeparator()).append("  no log: ").append(e.getMessage());
      }
    }
    return tails.toString();
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (int i = 0; i < members.size(); i++) {
      kill(i);
    }
  }
}
