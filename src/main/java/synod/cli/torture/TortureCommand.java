package synod.cli.torture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import synod.cli.CommandFailedException;
import synod.cli.store.Durations;

/** {@code synod torture}: real processes under real faults, with everything checked afterwards. */
@Command(
    name = "torture",
    mixinStandardHelpOptions = true,
    description = {
      "Starts five nodes, each on a machine of its own as far as this one can pretend (a network namespace, a small disk, a clock),",
      "lets concurrent clients loose on all of them while one fault follows the other, and then checks that the history is linearizable,",
      "that every acknowledged write is there, that the replicas agree, and that no node needed a hand to come back.",
      "Most faults need root. Without it, or without the tool, the run says so and goes on without them. Each fault must be shown to have",
      "had an effect; one that had none is counted apart. Memory: about 250 MiB for each node, and with disk faults 128 MiB",
      "and half a MiB for each second of the duration for each full disk, three at most.",
      "",
      "Faults:",
      "  kill             kill -9 of one node, of two, of all",
      "  rolling-restart  SIGTERM of one node after the other, each started again before the next",
      "  pause            SIGSTOP of the leader for longer than every timeout, then SIGCONT",
      "  partition        majority from minority, one way, a ring, or only clients from the leader (iptables)",
      "  loss             5 to 30 %% of the packets between all nodes (iptables)",
      "  bandwidth        all nodes send at 250 to 1500 kbit/s, so that packets wait in a queue (tc tbf)",
      "  latency          packets are late by 10 to 150 ms (tc netem, where the kernel has it)",
      "  disk-full        the disk of one node or of three becomes nearly full; that of one is filled to the last byte",
      "  clock            the clocks of the leader and another node jump by up to a day, and back (libfaketime)",
      "  roles            chaos stops single roles all the time, beside all others",
      ""
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all that was checked holds",
      "1:something doesn't, or the run failed; its directory is kept",
      "2:wrong command line"
    })
public final class TortureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      description = "Of the faults, their order and the clients (a random one).")
  private Long seed;

  @Option(
      names = "--duration",
      converter = Durations.class,
      defaultValue = "5m",
      description =
          "For how long faults are begun, as in 90s or 10m (${DEFAULT-VALUE}); each kind is had once at least.")
  private Duration duration;

  @Option(names = "--faults", paramLabel = "KIND,...", description = "Which kinds of faults (all).")
  private String faults;

  @Option(
      names = "--clients",
      defaultValue = "48",
      description = "Concurrent clients (${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--rate",
      defaultValue = "600",
      description = "Operations a second that all clients together aim at (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--at-least",
      paramLabel = "RATE",
      defaultValue = "300",
      description = "Fail with fewer operations a second, over all (${DEFAULT-VALUE}).")
  private int least;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result there as well.")
  private Path jsonFile;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Keep logs, configuration and history there; must not exist. (A temporary one, kept if something is wrong.)")
  private Path chosenDirectory;

  @Override
  public Integer call() throws Exception {
    Set<Kind> wanted = wanted();
    if (clients < 1 || rate < 1) {
      throw new ParameterException(spec.commandLine(), "--clients and --rate must be at least 1");
    }
    long chosenSeed = seed == null ? new Random().nextLong() >>> 1 : seed;
    Path directory = directory();
    say(
        "seed %d, %d s, %d clients, faults: %s; in %s",
        chosenSeed, duration.toSeconds(), clients, Kind.labels(wanted), directory);
    Lab lab = new Lab(directory);
    Thread interrupted = new Thread(() -> abandon(lab, directory));
    Runtime.getRuntime().addShutdownHook(interrupted);
    boolean fine = false;
    try {
      TortureReport report =
          new TortureRun(lab, directory, wanted, chosenSeed, duration, clients, rate, this::say)
              .play();
      report.requireRate(least);
      fine = report.problems().isEmpty();
      report.print(out());
      out().flush();
      if (jsonFile != null) {
        Files.write(
            jsonFile,
            new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsBytes(report.toMap()));
      }
      return fine ? 0 : 1;
    } finally {
      // A run that was interrupted is cleaned up by its hook, which can't be removed any more.
      if (unhook(interrupted)) {
        end(lab, directory, fine);
      }
    }
  }

  private static boolean unhook(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return false;
    }
  }

  private void end(Lab lab, Path directory, boolean fine) throws IOException {
    if (!fine) {
      lab.rescue(directory.resolve("disks"));
    }
    lab.close();
    if (fine && chosenDirectory == null) {
      delete(directory);
    } else {
      say("kept: %s", directory);
    }
  }

  private void abandon(Lab lab, Path directory) {
    try {
      lab.close();
      say("interrupted; logs and history are in %s", directory);
    } catch (CommandFailedException e) {
      say("interrupted; not all could be removed: %s", e.getMessage());
    }
  }

  private Set<Kind> wanted() {
    if (faults == null) {
      return EnumSet.allOf(Kind.class);
    }
    try {
      return Kind.parse(faults);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--faults: " + e.getMessage(), e);
    }
  }

  private Path directory() throws IOException {
    if (chosenDirectory == null) {
      return Files.createTempDirectory("synod-torture-");
    }
    if (Files.exists(chosenDirectory)) {
      throw new ParameterException(
          spec.commandLine(), "--dir: " + chosenDirectory + " exists already");
    }
    return Files.createDirectories(chosenDirectory.toAbsolutePath().normalize());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void say(String format, Object... arguments) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("synod: " + String.format(Locale.ROOT, format, arguments));
    err.flush();
  }
}
