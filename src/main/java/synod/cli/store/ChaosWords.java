package synod.cli.store;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.TypeConversionException;
import synod.paxos.Role;

/** Reads what people say of chaos: {@code acceptors every 5s}, {@code acceptor on n3 for 2s}. */
final class ChaosWords {
  /**
   * A schedule; what is null stays as the node has it configured.
   *
   * @param every mean time between two stops of a role
   */
  record Schedule(Set<Role> roles, Duration every, Duration downtimeMin, Duration downtimeMax) {}

  /**
   * @param downtime null to leave it to the node
   */
  record Kill(Role role, String node, Duration downtime) {}

  private static final String ALL = "all";

  private ChaosWords() {}

  /** {@code [ROLES] [every TIME] [for TIME[..TIME]]}; acceptors if no role is named. */
  static Schedule schedule(List<String> words) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    Duration every = null;
    Duration[] downtime = {null, null};
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      switch (word) {
        case "every" -> every = time(rest, word);
        case "for" -> downtime = range(next(rest, word));
        case ALL -> roles.addAll(EnumSet.allOf(Role.class));
        default -> List.of(word.split(",")).forEach(name -> roles.add(role(name)));
      }
    }
    if (roles.isEmpty()) {
      roles.add(Role.ACCEPTOR);
    }
    return new Schedule(roles, every, downtime[0], downtime[1]);
  }

  /** {@code ROLE on NODE [for TIME]}. */
  static Kill kill(List<String> words) {
    if (words.size() != 3 && words.size() != 5 || !words.get(1).equals("on")) {
      throw new UsageException("say ROLE on NODE [for TIME], as in acceptor on n3 for 2s");
    }
    Duration downtime = null;
    if (words.size() == 5) {
      if (!words.get(3).equals("for")) {
        throw new UsageException("'for' must follow the node, not " + words.get(3));
      }
      downtime = time(words.get(4));
    }
    return new Kill(role(words.get(0)), words.get(2), downtime);
  }

  private static Role role(String name) {
    for (Role role : Role.values()) {
      if (name.equals(role.label()) || name.equals(role.label() + "s")) {
        return role;
      }
    }
    throw new UsageException(
        name
            + " is none of acceptor, proposer, learner, gateway"
            + (name.toLowerCase(Locale.ROOT).equals(ALL) ? ", all" : ""));
  }

  private static Duration[] range(String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      Duration both = time(text);
      return new Duration[] {both, both};
    }
    Duration min = time(text.substring(0, dots));
    Duration max = time(text.substring(dots + 2));
    if (min.compareTo(max) > 0) {
      throw new UsageException("the shortest downtime in " + text + " is above the longest");
    }
    return new Duration[] {min, max};
  }

  private static Duration time(Iterator<String> rest, String before) {
    return time(next(rest, before));
  }

  private static String next(Iterator<String> rest, String before) {
    if (!rest.hasNext()) {
      throw new UsageException("a time must follow '" + before + "'");
    }
    return rest.next();
  }

  private static Duration time(String text) {
    try {
      return new Durations().convert(text);
    } catch (TypeConversionException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
