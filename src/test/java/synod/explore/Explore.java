package synod.explore;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command behind scripts/explore. Exit codes: 0 every world was explored to its end and no rule
 * is broken (with --mutants: every mistake was found), 1 not so, 2 wrong use.
 */
@Command(
    name = "explore",
    sortOptions = false,
    description = {
      "Visits every state that small worlds of the production cores can come to, and checks every rule in each.",
      "Prints how many states there are, and the shortest way to break a rule if there is one."
    })
final class Explore implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "show this and exit")
  private boolean help;

  @Option(
      names = "--world",
      paramLabel = "NAME",
      split = ",",
      description = "which worlds; default: all, the small ones first")
  private List<String> names = List.of();

  @Option(names = "--list", description = "tell which worlds there are")
  private boolean list;

  @Option(
      names = "--mutants",
      description = "make each known mistake, and print the shortest ways to see it")
  private boolean mutants;

  @Option(
      names = "--states",
      paramLabel = "N",
      description = "give up at so many states, 30 bytes each; default: ${DEFAULT-VALUE}")
  private int limit = 180_000_000;

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Explore())
            .setParameterExceptionHandler(Explore::explain)
            .execute(args));
  }

  private static int explain(ParameterException wrong, String[] arguments) {
    System.err.println("explore: " + wrong.getMessage() + " (explore --help says more)");
    return ExitCode.USAGE;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw wrong("--states: at least 1");
    }
    if (list) {
      Worlds.ALL.forEach(world -> System.out.printf("%-26s %s%n", world.name(), world));
      return ExitCode.OK;
    }
    boolean fine = mutants ? tellMutants() : tell(worlds());
    return fine ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<World> worlds() {
    return names.isEmpty() ? Worlds.ALL : names.stream().map(this::world).toList();
  }

  private World world(String name) {
    Optional<World> found =
        Worlds.ALL.stream().filter(world -> world.name().equals(name)).findFirst();
    return found.orElseThrow(
        () ->
            wrong(
                "--world: there is no %s, only %s"
                    .formatted(name, Worlds.ALL.stream().map(World::name).toList())));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private boolean tell(List<World> worlds) {
    boolean fine = true;
    System.out.printf(
        "%-26s %13s %15s %13s %5s %7s%n",
        "world", "states", "with names", "transitions", "depth", "seconds");
    for (World world : worlds) {
      Explorer.Exploration found =
          Explorer.explore(world, Mutant.NONE, true, limit, System.err::println);
      System.out.printf(
          "%-26s %,13d %,15d %,13d %5d %7.1f%s%n",
          world.name(),
          found.states(),
          found.named(),
          found.transitions(),
          found.depth(),
          found.seconds(),
          found.closed() ? "" : found.steps() == 0 ? "  given up" : "  broken");
      found.counterexample().forEach(System.out::println);
      fine &= found.closed();
    }
    return fine;
  }

  private boolean tellMutants() {
    boolean fine = true;
    for (Mutants mistake : Mutants.ALL) {
      System.out.printf("%d: %s%n", mistake.row(), mistake.name());
      fine &= tellMutant(mistake, mistake.world());
      if (mistake.stepsToHarm() > 0) {
        System.out.println("and until two values are chosen:");
        fine &= tellMutant(mistake, mistake.world().with(World.Option.HARM_ONLY));
      }
    }
    return fine;
  }

  private boolean tellMutant(Mutants mistake, World world) {
    Explorer.Exploration found =
        Explorer.explore(world, mistake.mutant(), false, limit, System.err::println);
    found.counterexample().forEach(System.out::println);
    System.out.printf(
        "%d steps, %,d states, %.1f s%n%n", found.steps(), found.states(), found.seconds());
    return found.steps() > 0;
  }
}
