package synod.cli.bench;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import synod.cli.CommandFailedException;
import synod.cli.store.Durations;

/** {@code synod bench recovery}: what it costs that the state is big. */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fills a cluster with a big state and measures what that costs: for how",
      "long puts stop while all nodes take a snapshot, how long a node takes from",
      "its start until it is ready, how fast a node whose data directory was",
      "deleted catches up, and how much of the cluster's throughput is left",
      "meanwhile. Prints the goals beside the figures.",
      ""
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all was measured, whether or not the goals are met",
      "1:the run failed or is partial; what was measured is printed",
      "2:wrong command line"
    })
final class RecoveryCommand implements Callable<Integer> {
  private static final int KEY_BYTES = 16;

  private static final int SMALL_KEYS = 10_000;

  /** Another length than the others', so that they are other keys. */
  private static final int SMALL_KEY_BYTES = 20;

  private static final int SMALL_VALUE_BYTES = 100;

  /** What a cluster needs at most while it is filled, logs and snapshots included. */
  private static final int SPACE_PER_BYTE = 6;

  @Spec private CommandSpec spec;

  @Option(
      names = "--state-bytes",
      paramLabel = "SIZE",
      converter = Bytes.class,
      defaultValue = "1GiB",
      description = "Keys and values of the state together, as 100MiB or 1GB (${DEFAULT-VALUE}).")
  private long stateBytes;

  @Option(
      names = "--value-bytes",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Of each value of the state (${DEFAULT-VALUE}).")
  private int valueBytes;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Of the cluster (${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Of each measurement (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--window",
      paramLabel = "TIME",
      converter = Durations.class,
      defaultValue = "5s",
      description =
          "How long a stretch with snapshots lasts, one without, and one of full throughput (${DEFAULT-VALUE}).")
  private Duration window;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Puts of 100 bytes a second while snapshots are taken. Times count from when a put was due (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      defaultValue = "64",
      description = "Puts of 100 bytes under way while a node catches up (${DEFAULT-VALUE}).")
  private int outstanding;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      converter = ResultFiles.Checked.class,
      description = "Write the results there as well.")
  private Path jsonFile;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "As for bench (the directory for temporary files).")
  private Path parent;

  /** Sizes as in the configuration. */
  static final class Bytes implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return ConfigValueFactory.fromAnyRef(text).atKey("size").getMemorySize("size").toBytes();
      } catch (ConfigException e) {
        throw new TypeConversionException("'" + text + "' is not a size, as in 100MiB or 1GB");
      }
    }
  }

  @Override
  public Integer call() throws Exception {
    check();
    Place place = Place.below(parent, spec.commandLine().getErr());
    ProgressBar progress = new ProgressBar(spec.commandLine().getErr(), ProgressBar.onTerminal());
    RecoveryReport report = new RecoveryReport(Machine.look(place.directory()), words());
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
    require(
        valueBytes >= 1 && valueBytes <= 1 << 20,
        "--value-bytes: from 1 to 1048576, not " + valueBytes);
    require(
        keys() >= 1 && keys() <= Integer.MAX_VALUE,
        "--state-bytes: from one value to 2^31 of them, not " + stateBytes + " bytes");
    require(nodes >= 3 && nodes <= 9, "--nodes: from 3 to 9, not " + nodes);
    require(rounds >= 1, "--rounds: at least 1, not " + rounds);
    require(rate >= 1 && rate <= 1_000_000, "--rate: from 1 to 1000000, not " + rate);
    require(
        outstanding >= 1 && outstanding <= 4_096,
        "--outstanding: from 1 to 4096, not " + outstanding);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private long keys() {
    return stateBytes / (KEY_BYTES + valueBytes);
  }

  private String words() {
    return String.format(
        Locale.ROOT,
        "%d nodes; a state of %,d MB: %,d values of %,d bytes; %,d puts a second of %d bytes beside snapshots, %d under way beside a catch-up",
        nodes,
        stateBytes / 1_000_000,
        keys(),
        valueBytes,
        rate,
        SMALL_VALUE_BYTES,
        outstanding);
  }

  private void play(Place place, RecoveryReport report, ProgressBar progress)
      throws InterruptedException {
    try {
      requireSpace(place.directory());
      Path directory = place.directory().resolve(TargetOptions.SYNOD);
      SynodServers servers =
          place.hold(
              SynodServers.create(directory, nodes, "synod.storage.after-disk-loss = learn"));
      progress.begin("starting");
      servers.start(waiting -> progress.step(waiting));
      Recovery.Plan plan = new Recovery.Plan(rounds, window, rate, outstanding);
      Workload state = workload((int) keys(), KEY_BYTES, valueBytes);
      Workload small = workload(SMALL_KEYS, SMALL_KEY_BYTES, SMALL_VALUE_BYTES);
      new Recovery(servers, state, small, plan, report, progress).run();
    } catch (LostException e) {
      report.fallShort(e.getMessage());
    } catch (CommandFailedException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      report.fallShort(e.getMessage());
    } finally {
      progress.clear();
    }
  }

  private static Workload workload(int keys, int keyBytes, int valueBytes) {
    return new Workload(new Keys(keys, keyBytes), valueBytes, Distribution.uniform(keys), 1);
  }

  /** Rather than fill a disk that others use too. */
  private void requireSpace(Path directory) {
    try {
      long needed = SPACE_PER_BYTE * nodes * stateBytes;
      long usable = Files.getFileStore(directory).getUsableSpace();
      if (usable < needed) {
        throw new CommandFailedException(
            String.format(
                Locale.ROOT,
                "%s has room for %,d MB; %d nodes with this state may need %,d MB; choose another --dir or a smaller --state-bytes",
                directory,
                usable / 1_000_000,
                nodes,
                needed / 1_000_000));
      }
    } catch (IOException e) {
      throw new CommandFailedException(directory + " can't be used: " + e, e);
    }
  }

  private void publish(RecoveryReport report) {
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
