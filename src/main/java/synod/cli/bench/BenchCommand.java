package synod.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code synod bench}: loads stores, and says how fast they were and what that cost. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {FailoverCommand.class, RecoveryCommand.class, SoakCommand.class},
    description = {
      "Starts a cluster of each target on this machine, puts each load on each of them in turn, round after round, and prints medians.",
      "Targets: synod (the Java client), http (Synod's HTTP interface), etcd (gRPC, straight to its leader),",
      "FILE.jar (another build of Synod, with its libraries beside it: its nodes, and this build's Java client).",
      ""
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all was measured",
      "1:the run failed or is partial; what was measured is printed",
      "2:wrong command line"
    })
public final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private TargetOptions targets;
  @Mixin private LoadOptions loads;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      converter = ResultFiles.Checked.class,
      description = "Write the results there as well.")
  private Path jsonFile;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      converter = ResultFiles.Checked.class,
      description =
          "Draw throughput against latency there, as SVG; of several sizes, how both change with the size.")
  private Path plotFile;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "The servers' data lies below it while the run lasts: choose the disk to be measured (the directory for temporary files).")
  private Path parent;

  @Override
  public Integer call() throws Exception {
    check();
    Place place = Place.below(parent, spec.commandLine().getErr());
    Results results = new Results();
    ProgressBar progress = new ProgressBar(spec.commandLine().getErr(), ProgressBar.onTerminal());
    Session session = new Session(place, results, progress);
    return place.run(session::play, session::interrupted);
  }

  /** What is wrong with the command line is said before anything is started. */
  private void check() {
    try {
      targets.check();
      loads.loads();
      sizes().forEach(loads::workload);
      loads.stale();
      loads.plan();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private List<Size> sizes() {
    return Size.of(targets.nodes(), loads.keys(), loads.valueBytes());
  }

  /** From the first start of the servers to the report. */
  private final class Session {
    private final Place place;
    private final Results results;
    private final ProgressBar progress;
    private Machine machine;

    /** Of all sizes; some know their version only once they have been started. */
    private final Set<Servers> servers = new LinkedHashSet<>();

    private Session(Place place, Results results, ProgressBar progress) {
      this.place = place;
      this.results = results;
      this.progress = progress;
    }

    private int play() throws InterruptedException {
      machine = Machine.look(place.directory());
      for (Size size : sizes()) {
        play(size);
      }
      publish();
      return results.shortfalls().isEmpty() ? 0 : 1;
    }

    private void play(Size size) throws InterruptedException {
      String name = size.varied() == null ? "1" : Integer.toString(size.varied().value());
      List<Target> made =
          targets.targets(
              place, place.directory().resolve(name), size, loads.mostOutstanding(), loads.stale());
      made.forEach(target -> servers.add(target.servers()));
      List<Load> here = loads.loads().stream().map(load -> load.at(size.varied())).toList();
      new BenchRun(made, here, loads.plan(), loads.workload(size), results, progress).play();
      made.forEach(Target::close);
      made.forEach(target -> target.servers().close());
    }

    private void interrupted() {
      progress.clear();
      if (machine != null) {
        results.fallShort("interrupted");
        publish();
      }
    }

    private void publish() {
      BenchReport report = new BenchReport(results, setting(), targets.base());
      report.print(spec.commandLine().getOut());
      try {
        if (jsonFile != null) {
          report.writeJson(jsonFile);
        }
        if (plotFile != null) {
          Files.writeString(
              plotFile, sizes().size() > 1 ? GrowthPlot.draw(results) : Plot.draw(results));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the results can't be written", e);
      }
    }

    private BenchReport.Setting setting() {
      Map<String, Object> options = new LinkedHashMap<>(targets.toMap());
      options.putAll(loads.toMap());
      return new BenchReport.Setting(
          machine,
          servers.stream().map(Servers::version).distinct().toList(),
          targets.words() + "; " + loads.words(),
          options);
    }
  }
}
