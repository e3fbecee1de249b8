package synod.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.cli.CommandFailedException;
import synod.cli.store.Durations;
import synod.node.NodeConfig;

/** {@code synod bench failover}: for how long a cluster takes no writes when its leader is lost. */
@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Takes the leader away again and again while clients write at the other nodes, and prints for how long no write succeeded.",
      "Ways to lose it: kill (kill -9 of its process), chaos (its proposer is stopped, its node goes on; Synod only),",
      "cut (its machine is cut off from all others and the clients, in network namespaces; Synod only; needs root).",
      ""
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all that can be had here was measured",
      "1:the run failed or is partial; what was measured is printed",
      "2:wrong command line"
    })
final class FailoverCommand implements Callable<Integer> {
  private static final String CUT = "cut";
  private static final List<String> WAYS = List.of("kill", "chaos", CUT);
  private static final int KEYS = 1_000;
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final int UNDER_WAY_MAX = 4_096;

  private final Apart apart;

  @Spec private CommandSpec spec;

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "TARGET",
      defaultValue = "synod",
      description = "Whose leader: synod, etcd (${DEFAULT-VALUE}).")
  private List<String> targets;

  @Option(
      names = "--how",
      split = ",",
      paramLabel = "WAY",
      defaultValue = "kill,chaos,cut",
      description = "kill, chaos, cut (${DEFAULT-VALUE}).")
  private List<String> ways;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "20",
      description = "Of each (${DEFAULT-VALUE}).")
  private int trials;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Of each cluster (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "4",
      description = "Each writes without a pause, one write at a time (${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--attempt",
      paramLabel = "TIME",
      converter = Durations.class,
      defaultValue = "250ms",
      description =
          "A client that has no answer for so long tries another write (${DEFAULT-VALUE}).")
  private Duration attempt;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      converter = ResultFiles.Checked.class,
      description = "Write the results there as well.")
  private Path jsonFile;

  @Option(names = "--etcd", paramLabel = "FILE", description = "The etcd to start (on the PATH).")
  private Path etcd;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "As for bench (the directory for temporary files).")
  private Path parent;

  /** Makes a cluster of so many nodes in a directory, each of them on a machine of its own. */
  interface Apart {
    /**
     * @throws CommandFailedException saying why that can't be had here
     */
    SynodServers create(Path directory, int nodes);
  }

  FailoverCommand() {
    this(SynodServers::createApart);
  }

  FailoverCommand(Apart apart) {
    this.apart = apart;
  }

  @Override
  public Integer call() throws Exception {
    check();
    if (targets.contains(TargetOptions.ETCD)) {
      TargetOptions.requireGrpc();
      EtcdServers.find(etcd);
    }
    Place place = Place.below(parent, spec.commandLine().getErr());
    ProgressBar progress = new ProgressBar(spec.commandLine().getErr(), ProgressBar.onTerminal());
    FailoverReport report =
        new FailoverReport(
            Machine.look(place.directory()),
            "%d nodes, %d clients, each with one write of %d bytes under way"
                .formatted(nodes, clients, VALUE_BYTES));
    return place.run(
        () -> {
          play(place, report, progress);
          publish(report);
          return report.isComplete() ? 0 : 1;
        },
        () -> {
          progress.clear();
          report.fallShort("interrupted");
          publish(report);
        });
  }

  private void check() {
    for (String target : targets) {
      require(
          List.of(TargetOptions.SYNOD, TargetOptions.ETCD).contains(target),
          "unknown target \"" + target + "\": there are synod, etcd");
    }
    for (String way : ways) {
      require(WAYS.contains(way), "--how: kill, chaos or cut, not \"" + way + "\"");
    }
    require(
        targets.contains(TargetOptions.SYNOD) || ways.contains("kill"),
        "--how: etcd's leader can only be killed");
    require(trials >= 1, "--trials: at least 1, not " + trials);
    require(nodes >= 3 && nodes <= 9, "--nodes: from 3 to 9, not " + nodes);
    require(clients >= 1 && clients <= 1_000, "--clients: from 1 to 1000, not " + clients);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private void play(Place place, FailoverReport report, ProgressBar progress)
      throws InterruptedException {
    Workload workload =
        new Workload(new Keys(KEYS, KEY_BYTES), VALUE_BYTES, Distribution.uniform(KEYS), 1);
    Failover failover = new Failover(workload, clients, attempt, progress);
    List<Plan> plans = plans(place, report);
    for (Plan plan : plans) {
      try (Fault fault = plan.making().get()) {
        fault.prepare(progress::begin);
        for (int trial = 1; trial <= trials; trial++) {
          double done = plans.indexOf(plan) + (trial - 1.0) / trials;
          progress.reach(done / plans.size());
          progress.begin(
              "%s, %s: trial %d of %d".formatted(fault.target(), fault.how(), trial, trials));
          report.add(fault, failover.run(fault));
          fault.repair(waiting -> progress.step(waiting));
        }
      } catch (LostException e) {
        report.fallShort(plan.name() + ": " + e.getMessage());
      } catch (CommandFailedException e) {
        throwIfInterrupted(e);
        report.fallShort(plan.name() + ": " + e.getMessage());
      } finally {
        progress.clear();
      }
    }
  }

  /** What is to be measured, one after the other, each on a fresh cluster. */
  private record Plan(String name, Supplier<Fault> making) {}

  private List<Plan> plans(Place place, FailoverReport report) {
    List<Plan> plans = new ArrayList<>();
    for (String way : new LinkedHashSet<>(ways)) {
      for (String target : new LinkedHashSet<>(targets)) {
        if (target.equals(TargetOptions.SYNOD) && way.equals(CUT)) {
          addCut(plans, place, report);
        } else if (target.equals(TargetOptions.SYNOD)) {
          plans.add(new Plan("synod, " + way, () -> synod(place, way)));
        } else if (way.equals("kill")) {
          plans.add(new Plan("etcd, kill", () -> etcd(place)));
        }
      }
    }
    return plans;
  }

  /** Not every machine can have it: whoever waits for all trials hears of that before them. */
  private void addCut(List<Plan> plans, Place place, FailoverReport report) {
    String name = "synod, " + CUT;
    try {
      SynodServers servers = place.hold(apart.create(directory(place, CUT), nodes));
      plans.add(new Plan(name, () -> SynodFault.cut(servers, node -> driver(servers, node))));
    } catch (CommandFailedException e) {
      throwIfInterrupted(e);
      report.without(name, e.getMessage());
      spec.commandLine().getErr().println("synod: without " + name + ": " + e.getMessage());
      spec.commandLine().getErr().flush();
    }
  }

  private static void throwIfInterrupted(CommandFailedException failure) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
  }

  private Fault synod(Place place, String way) {
    SynodServers servers = place.hold(SynodServers.create(directory(place, way), nodes));
    return way.equals("kill")
        ? SynodFault.kill(servers, node -> driver(servers, node))
        : SynodFault.chaos(servers, node -> driver(servers, node));
  }

  private static Path directory(Place place, String way) {
    return place.directory().resolve("synod-" + way);
  }

  private Fault etcd(Place place) {
    Path directory = place.directory().resolve(TargetOptions.ETCD);
    return new EtcdFault(place.hold(EtcdServers.create(directory, nodes, etcd)));
  }

  private static Driver driver(SynodServers servers, NodeConfig.Node node) {
    return new SynodDriver(servers.clusterName(), List.of(node), UNDER_WAY_MAX, false);
  }

  private void publish(FailoverReport report) {
    report.print(spec.commandLine().getOut());
    try {
      if (jsonFile != null) {
        report.writeJson(jsonFile);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the results can't be written", e);
    }
  }
}
