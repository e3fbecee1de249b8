package synod.jmh;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import synod.kv.Command;
import synod.kv.CommandCodec;
import synod.kv.EntryCodec;
import synod.kv.KvLimits;
import synod.kv.SessionCommand;
import synod.kv.SessionId;

/** What the benchmarks apply and encode: PUTs of 100 bytes at keys of 16, in batches of 64. */
final class Puts {
  static final int BATCH = 64;
  private static final int KEYS = 10_000;
  private static final byte[] VALUE = new byte[100];

  /** The session that {@link #opening()} opens as the log's first entry. */
  private static final SessionId SESSION = new SessionId(1, 0);

  private final Random random = new Random(1);
  private long sequence;

  static byte[] opening() {
    Command open = new Command.OpenSession(KvLimits.MAX_TTL_MILLIS);
    return entry(1, List.of(new SessionCommand(0, null, 0, 0, open)));
  }

  /** The next commands of a client that has acknowledged all before. */
  List<SessionCommand> commands() {
    List<SessionCommand> commands = new ArrayList<>(BATCH);
    long acknowledged = sequence;
    for (int i = 0; i < BATCH; i++) {
      sequence++;
      commands.add(new SessionCommand(sequence, SESSION, sequence, acknowledged, put()));
    }
    return commands;
  }

  Command.Put put() {
    byte[] key =
        String.format("key-%012d", random.nextInt(KEYS)).getBytes(StandardCharsets.US_ASCII);
    return new Command.Put(key, VALUE, Command.Condition.NONE, false);
  }

  byte[] entry() {
    return entry(sequence + 2, commands());
  }

  static byte[] entry(long timestamp, List<SessionCommand> commands) {
    return EntryCodec.encode(timestamp, List.of(CommandCodec.encode(7, "n1", commands)));
  }
}
