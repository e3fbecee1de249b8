package synod.sim;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command behind scripts/simulate. Exit codes: 0 no rule was broken, 1 one was, 2 wrong use.
 */
@Command(
    name = "simulate",
    sortOptions = false,
    description = {
      "Runs whole clusters of the production cores under faults, on one thread in virtual time, and checks every rule after every step.",
      "The same seed gives the same run. A failing one is made small before it is printed."
    })
final class Simulate implements Callable<Integer> {
  private static final int CHUNK = 200;

  @Spec private CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "show this and exit")
  private boolean help;

  @Option(names = "--seed", paramLabel = "N", description = "the first seed; default: any")
  private Long seed;

  @Option(
      names = "--schedules",
      paramLabel = "N",
      description = "how many; default: 1 of a given seed, 1000 otherwise")
  private Integer schedules;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "write down what happens in the schedule of the seed, message by message")
  private Path trace;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "go on where the last run with this file ended, and add up")
  private Path resume;

  @Option(
      names = "--without",
      paramLabel = "FAULT",
      split = ",",
      description = "leave these out of the seed's schedule")
  private Set<String> without = Set.of();

  @Option(names = "--operations", paramLabel = "N", description = "at most so many")
  private int operations = Integer.MAX_VALUE;

  @Option(names = "--clients", paramLabel = "N", description = "at most so many")
  private int clients = Integer.MAX_VALUE;

  @Option(
      names = "--mutants",
      description = "make each known mistake, and tell after how many schedules it is caught")
  private boolean mutants;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "with --mutants: the median of so many; default: 21")
  private int rounds = 21;

  private final PrintStream out = System.out;

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Simulate())
            .setParameterExceptionHandler(Simulate::explain)
            .execute(args));
  }

  private static int explain(ParameterException wrong, String[] arguments) {
    System.err.println("simulate: " + wrong.getMessage() + " (simulate --help says more)");
    return ExitCode.USAGE;
  }

  @Override
  public Integer call() {
    if (mutants) {
      return tellMutants();
    }
    int count = schedules != null ? schedules : seed != null ? 1 : 1_000;
    if (count < 1) {
      throw wrong("--schedules: at least 1");
    }
    Reduction reduction = reduction();
    boolean one = trace != null || !reduction.equals(Reduction.NONE);
    if (one && (count != 1 || seed == null)) {
      throw wrong("--trace, --without, --operations and --clients go with --seed and one schedule");
    }
    if (resume != null && seed != null) {
      throw wrong("--resume FILE knows the next seed itself: leave --seed out");
    }
    return one ? runOne(reduction) : runMany(count);
  }

  private Reduction reduction() {
    try {
      return new Reduction(without, operations, clients);
    } catch (IllegalArgumentException e) {
      throw wrong("--without: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int runOne(Reduction reduction) {
    String text;
    int code = 0;
    try {
      Simulation.Report report = Simulation.run(seed, Mutant.NONE, reduction, true);
      text = report.trace();
      out.printf(
          "seed %d: no rule broken; %d events, %d operations, %d elections in %d ms of virtual time%n",
          seed, report.events(), report.operations(), report.elections(), report.virtualMillis());
    } catch (SimulationFailure failure) {
      text = failure.trace() + "\n" + failure.getMessage() + "\n";
      out.printf("seed %d: %s%n", seed, failure.getMessage());
      code = 1;
    }
    if (trace != null) {
      Schedules.write(trace, text);
      out.println("trace: " + trace);
    }
    return code;
  }

  private int runMany(int count) {
    Schedules sums = new Schedules();
    long from = seed != null ? seed : new SplittableRandom().nextLong(1L << 40);
    if (resume != null) {
      try {
        sums = Schedules.load(resume);
      } catch (IllegalArgumentException e) {
        throw wrong("--resume: " + e.getMessage());
      }
      from = sums.run() > 0 ? sums.next() : from;
    }
    out.printf("simulating %,d schedules from seed %d on%n", count, from);
    long end = from + count;
    long nextLine = 0;
    while (from < end) {
      int chunk = (int) Math.min(CHUNK, end - from);
      try {
        sums.run(from, chunk);
      } catch (Schedules.Failed failed) {
        out.println();
        out.println(failed.explain());
        return 1;
      } finally {
        if (resume != null) {
          sums.save(resume);
        }
      }
      from += chunk;
      nextLine = tell(count - (end - from), count, sums, nextLine);
    }
    out.println(sums);
    return 0;
  }

  /** A bar on a terminal, a line now and then elsewhere. */
  private long tell(long done, int count, Schedules sums, long nextLine) {
    String progress = "%,d of %,d, %.0f a second".formatted(done, count, sums.perSecond());
    if (System.console() != null) {
      int full = (int) (done * 30 / count);
      out.printf("\r[%s%s] %s ", "#".repeat(full), "-".repeat(30 - full), progress);
      if (done == count) {
        out.println();
      }
    } else if (System.nanoTime() >= nextLine || nextLine == 0) {
      out.println(progress);
      return System.nanoTime() + 10_000_000_000L;
    }
    return nextLine;
  }

  private int tellMutants() {
    int missed = 0;
    out.println("| row | mistake | caught in | median | most | rule that shows it first |");
    out.println("| ---: | --- | ---: | ---: | ---: | --- |");
    for (Mistake mistake : Mistake.ALL) {
      List<Integer> needed = new ArrayList<>();
      List<String> rules = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        Mistake.Caught caught = mistake.hunt(1 + 1_000L * round, mistake.budget());
        if (caught != null) {
          needed.add(caught.schedules());
          rules.add(caught.rule());
        }
      }
      missed += rounds - needed.size();
      Collections.sort(needed);
      out.printf(
          "| %d | %s | %d of %d | %s | %s | %s |%n",
          mistake.row(),
          mistake.name(),
          needed.size(),
          rounds,
          needed.isEmpty() ? "-" : needed.get(needed.size() / 2),
          needed.isEmpty() ? "-" : needed.get(needed.size() - 1),
          mostFrequent(rules));
    }
    return missed == 0 ? 0 : 1;
  }

  private static String mostFrequent(List<String> rules) {
    String[] distinct = rules.stream().distinct().toArray(String[]::new);
    return Arrays.stream(distinct)
        .max(
            (a, b) ->
                Integer.compare(Collections.frequency(rules, a), Collections.frequency(rules, b)))
        .orElse("-");
  }
}
