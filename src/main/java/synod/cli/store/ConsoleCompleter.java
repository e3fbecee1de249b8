package synod.cli.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import synod.paxos.Role;

/** Completes commands, their options, keys that were seen, and what is said of chaos. */
final class ConsoleCompleter implements Completer {
  private final Map<String, Supplier<CommandLine>> commands;
  private final ConsoleAccess access;

  ConsoleCompleter(Map<String, Supplier<CommandLine>> commands, ConsoleAccess access) {
    this.commands = commands;
    this.access = access;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    List<String> before = line.words().subList(0, line.wordIndex());
    Stream<String> fitting = line.word().startsWith("-") ? options(before) : words(before);
    fitting.forEach(text -> candidates.add(new Candidate(text)));
  }

  private Stream<String> words(List<String> before) {
    if (before.isEmpty()) {
      List<String> names = new ArrayList<>(commands.keySet());
      names.add(LineRunner.HELP);
      names.add(LineRunner.HISTORY);
      names.addAll(LineRunner.LEAVE);
      return names.stream();
    }
    int position = before.size();
    return switch (before.get(0)) {
      case "get", "put", "delete", "cas", "list" ->
          position == 1 ? access.knownKeys().stream() : Stream.of();
      case "chaos" -> chaos(before.subList(1, position));
      case "kill" -> kill(before.subList(1, position));
      case "move-leader" -> position == 1 ? nodes() : Stream.of();
      case LineRunner.HELP -> position == 1 ? commands.keySet().stream() : Stream.of();
      default -> Stream.of();
    };
  }

  private Stream<String> chaos(List<String> before) {
    if (before.isEmpty()) {
      return Stream.of("on", "off", "status", "kill");
    }
    List<String> rest = before.subList(1, before.size());
    return switch (before.get(0)) {
      case "on" -> Stream.concat(roles("s"), Stream.of("all", "every", "for"));
      case "kill" -> kill(rest);
      default -> Stream.of();
    };
  }

  private Stream<String> kill(List<String> before) {
    return switch (before.size()) {
      case 0 -> roles("");
      case 1 -> Stream.of("on");
      case 2 -> nodes();
      case 3 -> Stream.of("for");
      default -> Stream.of();
    };
  }

  private Stream<String> nodes() {
    return access.nodes().addresses().stream().map(Address::name);
  }

  private static Stream<String> roles(String ending) {
    return Stream.of(Role.values()).map(role -> role.label() + ending);
  }

  private Stream<String> options(List<String> before) {
    CommandLine command = null;
    for (String word : before) {
      CommandLine next =
          command == null
              ? commands.containsKey(word) ? commands.get(word).get() : null
              : command.getSubcommands().get(word);
      if (next == null) {
        break;
      }
      command = next;
    }
    return command == null
        ? Stream.of()
        : command.getCommandSpec().options().stream().map(OptionSpec::longestName);
  }
}
