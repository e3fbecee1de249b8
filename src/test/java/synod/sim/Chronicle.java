package synod.sim;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import synod.kv.AppliedCommand;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.Result;
import synod.kv.SessionCommand;
import synod.kv.SessionId;

/**
 * Which command made which revision, as the first replica that came to each slot says. Rules: a
 * command of a session takes effect once, however often it stands in the log; and what a client was
 * told is what happened.
 */
final class Chronicle implements Watcher {
  private final Map<Long, Command> byRevision = new HashMap<>();
  private final Map<Place, Long> revisions = new HashMap<>();
  private long knownUpTo;

  private record Place(SessionId session, long sequence) {}

  @Override
  public void applied(
      SimNode node, long firstSlot, List<byte[]> values, List<AppliedCommand> results) {
    if (firstSlot + values.size() - 1 <= knownUpTo) {
      return;
    }
    Iterator<AppliedCommand> result = results.iterator();
    long slot = firstSlot;
    for (byte[] value : values) {
      if (!EntryCodec.isNoOp(value)) {
        for (CommandCodec.Batch batch : EntryCodec.decode(value).batches()) {
          for (SessionCommand command : batch.commands()) {
            learn(slot, command, result.next().result());
          }
        }
      }
      knownUpTo = Math.max(knownUpTo, slot++);
    }
  }

  private void learn(long slot, SessionCommand sent, Result result) {
    if (slot > knownUpTo && result instanceof Result.Applied applied) {
      byRevision.putIfAbsent(applied.revision(), sent.command());
      Place place = new Place(sent.session(), sent.sequence());
      Long first = revisions.putIfAbsent(place, applied.revision());
      if (first != null && first != applied.revision()) {
        throw new SimulationFailure(
            "sessions apply once",
            "command %d of session %s made revision %d and, at slot %d, %d",
            sent.sequence(),
            sent.session(),
            first,
            slot,
            applied.revision());
      }
    }
  }

  @Override
  public void acknowledged(Command command, Result result) {
    if (result instanceof Result.Applied applied
        && !Payloads.same(command, byRevision.get(applied.revision()))) {
      throw new SimulationFailure(
          "acknowledged writes stay",
          "a client was told that %s made revision %d; the log has %s there",
          Payloads.describe(command),
          applied.revision(),
          Payloads.describe(byRevision.get(applied.revision())));
    }
  }
}
