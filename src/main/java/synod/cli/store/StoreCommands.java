package synod.cli.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Hangs the commands that use a cluster under others. */
public final class StoreCommands {
  private static final List<BiFunction<Access, Streams, StoreCommand>> COMMANDS =
      List.of(
          PutCommand::new,
          GetCommand::new,
          DeleteCommand::new,
          ListCommand::new,
          CasCommand::new,
          WatchCommand::new,
          CompactCommand::new,
          LogLevelCommand::new,
          MoveLeaderCommand::new,
          BackupCommand::new,
          StatusCommand::new);

  private static final List<BiFunction<Access, Streams, StoreCommand>> CHAOS =
      List.of(
          ChaosCommand.On::new,
          ChaosCommand.Off::new,
          ChaosCommand.Status::new,
          ChaosCommand.Kill::new);

  private StoreCommands() {}

  /** For a command line of the shell: each command has the options that say where the nodes are. */
  public static void addOneShot(CommandLine parent, Streams streams) {
    COMMANDS.forEach(command -> parent.addSubcommand(oneShot(command, streams)));
    CommandLine chaos = new CommandLine(new ChaosCommand());
    CHAOS.forEach(command -> chaos.addSubcommand(oneShot(command, streams)));
    parent.addSubcommand(chaos);
  }

  private static CommandLine oneShot(
      BiFunction<Access, Streams, StoreCommand> command, Streams streams) {
    HttpAccess access = new HttpAccess();
    return new CommandLine(command.apply(access, streams)).addMixin("nodes", access);
  }

  /**
   * For the console, where it is known already how to reach the nodes.
   *
   * @return makes a command by its name, fresh for each use
   */
  static Map<String, Supplier<CommandLine>> forConsole(Access access, Streams streams) {
    List<Supplier<CommandLine>> all = new ArrayList<>();
    COMMANDS.forEach(command -> all.add(() -> new CommandLine(command.apply(access, streams))));
    all.add(
        () -> {
          CommandLine chaos = new CommandLine(new ChaosCommand());
          CHAOS.forEach(command -> chaos.addSubcommand(command.apply(access, streams)));
          return chaos;
        });
    all.add(() -> new CommandLine(new ChaosCommand.Kill(access, streams)));
    Map<String, Supplier<CommandLine>> byName = new LinkedHashMap<>();
    for (Supplier<CommandLine> command : all) {
      byName.put(command.get().getCommandName(), command);
    }
    return byName;
  }
}
