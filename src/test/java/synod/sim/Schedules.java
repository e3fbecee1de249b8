package synod.sim;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * Adds up what many schedules were like. The sums can be kept in a file, so that runs of many hours
 * can be interrupted and go on where they ended.
 */
final class Schedules {
  private long next;
  private long run;
  private long undecided;
  private long events;
  private long elections;
  private long installed;
  private long operations;
  private long unknown;
  private long nanos;

  /** The seed from which the next schedules come. */
  long next() {
    return next;
  }

  long run() {
    return run;
  }

  /**
   * Runs schedules, one seed after the other.
   *
   * @throws Failed at the first that breaks a rule; those before it are counted
   */
  Schedules run(long firstSeed, int count) throws Failed {
    for (long seed = firstSeed; seed < firstSeed + count; seed++) {
      next = seed + 1;
      long start = System.nanoTime();
      try {
        add(Simulation.run(seed, Mutant.NONE, false));
      } catch (SimulationFailure failure) {
        throw new Failed(seed, failure);
      } finally {
        nanos += System.nanoTime() - start;
      }
    }
    return this;
  }

  /** A schedule broke a rule. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    private final long seed;

    private Failed(long seed, SimulationFailure failure) {
      super(failure.getMessage(), failure);
      this.seed = seed;
    }

    /** Makes it small, writes its trace down, and tells how to see it again. */
    String explain() {
      Shrinker shrinker = new Shrinker(seed, null, (SimulationFailure) getCause());
      Reduction smallest = shrinker.shrink();
      Path file = Path.of("target", "simulation", "seed-" + seed + ".txt");
      try {
        Simulation.run(seed, Mutant.NONE, smallest, true);
        throw new IllegalStateException("seed " + seed + " isn't the same run every time", this);
      } catch (SimulationFailure again) {
        write(file, again.trace() + "\n" + again.getMessage() + "\n");
        return "seed %d: %s%nmade small: %s%nsee it again: scripts/simulate --seed %d%s --trace FILE%ntrace: %s"
            .formatted(
                seed,
                getMessage(),
                again.getMessage(),
                seed,
                smallest.options(),
                file.toAbsolutePath());
      }
    }
  }

  /** Leaves a text in a file. */
  static void write(Path file, String text) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Path temporary = parent.resolve(file.getFileName() + ".tmp");
      Files.writeString(temporary, text);
      Files.move(temporary, file.toAbsolutePath(), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(Simulation.Report report) {
    run++;
    undecided += report.undecided() ? 1 : 0;
    events += report.events();
    elections += report.elections();
    installed += report.installed();
    operations += report.operations();
    unknown += report.unknown();
  }

  // Kept sums

  /**
   * The sums of earlier runs; none if there is no such file.
   *
   * @throws IllegalArgumentException if the file holds something else
   */
  static Schedules load(Path file) {
    Schedules sums = new Schedules();
    Properties kept = new Properties();
    try {
      kept.load(new StringReader(Files.readString(file)));
      sums.next = number(kept, "next-seed");
      sums.run = number(kept, "schedules");
      sums.undecided = number(kept, "undecided");
      sums.events = number(kept, "events");
      sums.elections = number(kept, "elections");
      sums.installed = number(kept, "installed");
      sums.operations = number(kept, "operations");
      sums.unknown = number(kept, "unknown-outcomes");
      sums.nanos = number(kept, "nanoseconds");
    } catch (NoSuchFileException e) {
      return sums;
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + " holds no sums of simulations: " + e.getMessage(), e);
    }
    return sums;
  }

  private static long number(Properties kept, String name) {
    String value = kept.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return Long.parseLong(value);
  }

  void save(Path file) {
    Properties kept = new Properties();
    kept.setProperty("next-seed", "" + next);
    kept.setProperty("schedules", "" + run);
    kept.setProperty("undecided", "" + undecided);
    kept.setProperty("events", "" + events);
    kept.setProperty("elections", "" + elections);
    kept.setProperty("installed", "" + installed);
    kept.setProperty("operations", "" + operations);
    kept.setProperty("unknown-outcomes", "" + unknown);
    kept.setProperty("nanoseconds", "" + nanos);
    StringWriter text = new StringWriter();
    try {
      kept.store(text, "Sums of scripts/simulate --resume");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(file, text.toString());
  }

  // What they were like

  long undecided() {
    return undecided;
  }

  /** Leaders elected, per schedule. */
  double elections() {
    return (double) elections / run;
  }

  /** Snapshots installed, in all. */
  long installed() {
    return installed;
  }

  /** Operations of clients, per schedule. */
  double operations() {
    return (double) operations / run;
  }

  /** The share of operations whose outcome stayed unknown. */
  double unknown() {
    return (double) unknown / operations;
  }

  double perSecond() {
    return run * 1e9 / nanos;
  }

  @Override
  public String toString() {
    return "%,d schedules (%.0f a second), each with %,d events, %.0f operations (%.0f %% of unknown outcome) and %.1f elections; %,d snapshots installed; %d histories undecided"
        .formatted(
            run,
            perSecond(),
            events / run,
            operations(),
            100 * unknown(),
            elections(),
            installed,
            undecided);
  }
}
