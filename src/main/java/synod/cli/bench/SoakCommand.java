package synod.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.cli.store.Durations;
import synod.kv.KvLimits;

/** {@code synod bench soak}: whether a store takes up no more after a long time than before. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Overwrites a fixed set of keys for a long time, and prints what each node takes up (disk, log, heap, memory) and how fast the",
      "cluster is, at the beginning, in the middle and at the end.",
      ""
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all was measured",
      "1:the run failed or is partial; what was measured is printed",
      "2:wrong command line"
    })
final class SoakCommand implements Callable<Integer> {
  private static final int KEY_BYTES = 16;
  private static final int OUTSTANDING_MAX = 100_000;
  private static final int SAMPLES_MIN = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Of the cluster (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description =
          "Use the running cluster that this cluster.conf describes, one without TLS and tokens.")
  private Path clusterFile;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Durations.class,
      defaultValue = "10m",
      description = "Of the load (${DEFAULT-VALUE}).")
  private Duration duration;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = Durations.class,
      defaultValue = "5s",
      description = "How often all figures are read (${DEFAULT-VALUE}).")
  private Duration every;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many are overwritten, in no order (${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--value-bytes",
      paramLabel = "N",
      defaultValue = "100",
      description = "Of each (${DEFAULT-VALUE}).")
  private int valueBytes;

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Puts under way at a time; with --rate, the most that may be (${DEFAULT-VALUE}).")
  private int outstanding;

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "Begin so many puts a second instead; their latency counts from when they were due.")
  private Integer rate;

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
      description = "Draw all figures over time there, as SVG.")
  private Path plotFile;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "As for bench (the directory for temporary files).")
  private Path parent;

  /** Null until it is known what is measured, and on what. */
  private volatile SoakReport report;

  @Override
  public Integer call() throws Exception {
    check();
    Place place = Place.below(parent, spec.commandLine().getErr());
    ProgressBar progress = new ProgressBar(spec.commandLine().getErr(), ProgressBar.onTerminal());
    return place.run(
        () -> {
          play(place, progress);
          publish();
          return report.shortfalls().isEmpty() ? 0 : 1;
        },
        () -> {
          progress.clear();
          if (report != null) {
            report.fallShort("interrupted");
            publish();
          }
        });
  }

  private void check() {
    require(nodes >= 1 && nodes <= 9, "--nodes: from 1 to 9, not " + nodes);
    require(
        duration.dividedBy(every) >= SAMPLES_MIN,
        "--duration: at least " + SAMPLES_MIN + " times --every");
    require(keys >= 1, "--keys: at least 1, not " + keys);
    require(
        valueBytes >= 0 && valueBytes <= KvLimits.MAX_VALUE_BYTES,
        "--value-bytes: from 0 to " + KvLimits.MAX_VALUE_BYTES + ", not " + valueBytes);
    require(
        outstanding >= 1 && outstanding <= OUTSTANDING_MAX,
        "--outstanding: from 1 to " + OUTSTANDING_MAX + ", not " + outstanding);
    require(rate == null || rate >= 1, "--rate: at least 1, not " + rate);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private void play(Place place, ProgressBar progress) throws InterruptedException {
    SynodServers servers =
        place.hold(
            clusterFile == null
                ? SynodServers.create(place.directory().resolve(TargetOptions.SYNOD), nodes)
                : SynodServers.running(clusterFile));
    report =
        new SoakReport(
            new BenchReport.Setting(
                Machine.look(place.directory()), List.of(servers.version()), words(), toMap()));
    servers.start(progress::begin);
    Mix puts = Mix.of(Kind.PUT);
    Load load =
        rate != null
            ? Load.open("put", puts, outstanding, rate)
            : Load.closed("put", puts, outstanding);
    try (Target target =
        new Target(
            TargetOptions.SYNOD,
            servers,
            () -> new SynodDriver(servers.clusterName(), servers.nodes(), outstanding, false))) {
      new Soak(
              target,
              new NodeGauges(servers),
              load,
              new Soak.Plan(duration, every),
              report,
              progress)
          .run(new Workload(new Keys(keys, KEY_BYTES), valueBytes, Distribution.uniform(keys), 1));
    } catch (LostException e) {
      report.fallShort(e.getMessage());
    }
  }

  private void publish() {
    report.print(spec.commandLine().getOut());
    try {
      if (jsonFile != null) {
        report.writeJson(jsonFile);
      }
      if (plotFile != null) {
        Files.writeString(plotFile, SoakPlot.draw(report.samples()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the results can't be written", e);
    }
  }

  /** All options, for a person. */
  private String words() {
    return String.format(
        Locale.ROOT,
        "%s; puts over %,d keys of %d bytes, values of %,d bytes; %s",
        clusterFile == null ? nodes + " nodes" : "the nodes of " + clusterFile,
        keys,
        KEY_BYTES,
        valueBytes,
        rate != null
            ? String.format(Locale.ROOT, "%,d begun a second", rate)
            : outstanding + " under way");
  }

  /** All options, for programs. */
  private Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("nodes", clusterFile == null ? nodes : null);
    json.put("cluster", clusterFile == null ? null : clusterFile.toString());
    json.put("durationSeconds", duration.toMillis() / 1e3);
    json.put("everySeconds", every.toMillis() / 1e3);
    json.put("keys", keys);
    json.put("keyBytes", KEY_BYTES);
    json.put("valueBytes", valueBytes);
    json.put("outstanding", outstanding);
    json.put("rate", rate);
    return json;
  }
}
