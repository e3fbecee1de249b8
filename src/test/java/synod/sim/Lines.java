package synod.sim;

import java.util.List;
import synod.kv.CodecException;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.SessionCommand;
import synod.paxos.Entry;
import synod.paxos.Message;

/** Messages as a person wants to read them in a trace: values by what is in them. */
public final class Lines {
  private Lines() {}

  public static String of(Message message) {
    if (message instanceof Message.Accept accept) {
      return "Accept %s slot %d %s"
          .formatted(accept.ballot(), accept.slot(), value(accept.value()));
    } else if (message instanceof Message.Promise promise) {
      return "Promise %s from %d %s%s"
          .formatted(
              promise.ballot(),
              promise.from(),
              promise.entries().stream().map(Lines::entry).toList(),
              promise.next() == 0 ? "" : " next " + promise.next());
    } else if (message instanceof Message.AcceptedEntries held) {
      return "AcceptedEntries " + held.entries().stream().map(Lines::entry).toList();
    } else if (message instanceof Message.ChosenHere here) {
      return "ChosenHere %d %s".formatted(here.slot(), value(here.value()));
    } else if (message instanceof Message.ChosenValues values) {
      return "ChosenValues from %d %s"
          .formatted(values.from(), values.values().stream().map(Lines::value).toList());
    } else if (message instanceof Message.SnapshotPart part) {
      return "SnapshotPart %d at %d, %d B"
          .formatted(part.snapshot().slot(), part.offset(), part.bytes().length);
    } else if (message instanceof Message.Submit submit) {
      return "Submit %d %s".formatted(submit.id(), commands(submit.commands()));
    }
    return message.toString();
  }

  private static String entry(Entry entry) {
    return entry.slot() + "@" + entry.ballot() + " " + value(entry.value());
  }

  private static String value(byte[] value) {
    if (EntryCodec.isNoOp(value)) {
      return "(no-op)";
    }
    try {
      return EntryCodec.decode(value).batches().stream().map(Lines::batch).toList().toString();
    } catch (CodecException notAnEntry) {
      return value.length + " B";
    }
  }

  private static String commands(byte[] commands) {
    return batch(CommandCodec.decode(commands));
  }

  private static String batch(CommandCodec.Batch batch) {
    List<String> all = batch.commands().stream().map(Lines::command).toList();
    return batch.origin() + all;
  }

  private static String command(SessionCommand sent) {
    return sent.session() + "#" + sent.sequence() + " " + Payloads.describe(sent.command());
  }
}
