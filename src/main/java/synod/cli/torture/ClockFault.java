package synod.cli.torture;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import synod.cli.LocalNode;

/** The clocks of the leader and of another node jump, and back again in the end. */
record ClockFault(Lab lab, Clocks clocks) implements Fault {
  private static final int SHORTEST_MILLIS = 3_500;
  private static final int LONGEST_MILLIS = 6_000;
  private static final List<Long> JUMPS = List.of(-86_400L, -3_600L, -60L, 60L, 3_600L, 86_400L);

  @Override
  public Kind kind() {
    return Kind.CLOCK;
  }

  @Override
  public String variant() {
    return "";
  }

  @Override
  public Strike strike(Random random) {
    int millis = random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
    Set<LocalNode> victims = new LinkedHashSet<>();
    LocalNode other = lab.nodes().get(random.nextInt(Lab.NODES));
    lab.leader().ifPresent(victims::add);
    victims.add(other);
    Map<LocalNode, Long> jumps = new LinkedHashMap<>();
    victims.forEach(node -> jumps.put(node, JUMPS.get(random.nextInt(JUMPS.size()))));
    return new Jumped(jumps, millis);
  }

  private final class Jumped implements Strike {
    private final Map<LocalNode, Long> jumps;
    private final int millis;

    /** How far ahead of the right time each node was seen. */
    private final Map<LocalNode, Long> seen = new LinkedHashMap<>();

    Jumped(Map<LocalNode, Long> jumps, int millis) {
      this.jumps = jumps;
      this.millis = millis;
      jumps.forEach((node, seconds) -> clocks.set(node.name(), seconds));
    }

    @Override
    public String what() {
      return jumps.entrySet().stream()
          .map(jump -> "%s by %+d s".formatted(jump.getKey().name(), jump.getValue()))
          .collect(Collectors.joining(", "));
    }

    @Override
    public long millis() {
      return millis;
    }

    /** A node tells its time with every answer. */
    @Override
    public void watch() {
      for (LocalNode node : jumps.keySet()) {
        try {
          lab.http()
              .get(node, "/health/live")
              .headers()
              .firstValue("Date")
              .ifPresent(date -> seen.put(node, secondsAhead(date)));
        } catch (IOException | DateTimeException e) {
          seen.remove(node); // not seen
        }
      }
    }

    private static long secondsAhead(String date) {
      Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Duration.between(Instant.now(), theirs).toSeconds();
    }

    @Override
    public void heal() {
      jumps.keySet().forEach(node -> clocks.set(node.name(), 0));
    }

    @Override
    public Bite bite() {
      boolean all =
          jumps.entrySet().stream()
              .allMatch(
                  jump ->
                      Math.abs(seen.getOrDefault(jump.getKey(), 0L) - jump.getValue())
                          < Math.abs(jump.getValue()) / 2);
      return new Bite(
          all,
          seen.entrySet().stream()
              .map(node -> "%s was seen %+d s off".formatted(node.getKey().name(), node.getValue()))
              .collect(Collectors.joining(", ")));
    }
  }
}
