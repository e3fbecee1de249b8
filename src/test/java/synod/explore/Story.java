package synod.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import synod.paxos.Entry;
import synod.paxos.Message;

/** A way through a world, for a person to read: a line a step, and what was sent then. */
final class Story {
  private final Cast cast;
  private final List<String> lines = new ArrayList<>();
  private List<String> names = World.ACCEPTORS;
  private int steps;

  Story(Cast cast) {
    this.cast = cast;
  }

  /** The acceptors have changed places. */
  void rename(Order order) {
    List<String> moved = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      moved.add(names.get(order.oldPlace(i)));
    }
    names = moved;
  }

  void tell(Move move) {
    steps++;
    Machine machine = move.ofAcceptor() ? cast.acceptors : cast.proposers[move.actor()];
    String actor = move.ofAcceptor() ? names.get(move.actor()) : name(move.actor());
    int local =
        move.ofAcceptor()
            ? move.before().blocks[move.actor()].local()
            : move.before().proposers[move.actor()];
    String number = String.format("%2d ", steps);
    for (int input : move.inputs()) {
      Machine.Step step = machine.step(local, input);
      lines.add(number + actor + " " + what(input, move.ofAcceptor()) + sent(step, move));
      if (!move.ofAcceptor() && leads(step) && !cast.world.has(World.Option.VOTES)) {
        lines.add("   " + actor + " stops and comes back");
      }
      local = step.to();
      number = "   ";
    }
  }

  List<String> end(String broken) {
    lines.add("=> " + broken);
    return List.copyOf(lines);
  }

  private String what(int input, boolean ofAcceptor) {
    if (Input.isCampaign(input)) {
      int heardOf = Input.heardOf(input);
      return "campaigns"
          + (Input.campaignFrom(input) > 1 ? " from slot " + Input.campaignFrom(input) : "")
          + (heardOf > 0 ? ", above round " + heardOf : "");
    } else if (input == Input.CRASH) {
      return "stops and comes back";
    } else if (input == Input.COMPLETE) {
      return "completes a write";
    }
    String message = text(cast.messages.message(Input.message(input)));
    return "takes "
        + message
        + " from "
        + (ofAcceptor ? name(Input.from(input)) : names.get(Input.from(input)));
  }

  private boolean leads(Machine.Step step) {
    return Arrays.stream(step.sent())
        .anyMatch(sent -> cast.messages.message(sent) instanceof Message.Accept);
  }

  private String sent(Machine.Step step, Move move) {
    Map<String, List<String>> receivers = new LinkedHashMap<>();
    for (int k = 0; k < step.sent().length; k++) {
      int to = step.receivers()[k];
      receivers
          .computeIfAbsent(text(cast.messages.message(step.sent()[k])), any -> new ArrayList<>())
          .add(move.ofAcceptor() ? name(to) : names.get(to));
    }
    List<String> all = new ArrayList<>();
    receivers.forEach((message, to) -> all.add(message + " to " + String.join(" ", sorted(to))));
    for (int vote : step.votes()) {
      all.add("holds slot " + cast.messages.voteOf(vote).slot());
    }
    for (int claim : step.claims()) {
      all.add("calls slot " + LocalRole.Outcome.slotOf(claim) + " chosen");
    }
    return all.isEmpty() ? "" : ": " + String.join("; ", all);
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }

  private static String name(int proposer) {
    return World.PROPOSERS.get(proposer);
  }

  private static String text(Message message) {
    if (message instanceof Message.Prepare prepare) {
      return "Prepare " + prepare.ballot() + from(prepare.from());
    } else if (message instanceof Message.Promise promise) {
      List<String> entries = promise.entries().stream().map(Story::entry).toList();
      return "Promise "
          + promise.ballot()
          + from(promise.from())
          + " "
          + entries
          + (promise.next() == 0 ? "" : " next " + promise.next());
    } else if (message instanceof Message.Accept accept) {
      return "Accept " + entry(new Entry(accept.slot(), accept.ballot(), accept.value()));
    } else if (message instanceof Message.Accepted accepted) {
      return "Accepted " + accepted.slot() + "@" + accepted.ballot();
    } else if (message instanceof Message.Rejected rejected) {
      return "Rejected " + rejected.ballot() + " for " + rejected.promised();
    }
    return message.toString();
  }

  private static String from(long slot) {
    return slot == 1 ? "" : " from slot " + slot;
  }

  private static String entry(Entry entry) {
    return entry.slot() + "@" + entry.ballot() + "=" + value(entry.value());
  }

  /** A command is named after the ballot that it was proposed at first, and its slot there. */
  static String value(byte[] value) {
    if (value.length == 0) {
      return "no-op";
    }
    String ballot = value[0] / 2 + "." + World.PROPOSERS.get(value[0] % 2);
    return "\"" + ballot + "'".repeat(value[2]) + " slot " + value[1] + "\"";
  }
}
