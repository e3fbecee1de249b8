package synod.kv;

import java.util.List;
import java.util.Objects;

/**
 * The binary form of the commands that a gateway sends to the log together. To everybody between
 * the gateway and the state machines such a batch is opaque: it is encoded once and decoded where
 * it is applied.
 */
public final class CommandCodec {
  private static final int VERSION = 1;

  // Which session a command belongs to: none, one that is written out, or its predecessor's.
  private static final int NO_SESSION = 0;
  private static final int SESSION = 1;
  private static final int SAME_SESSION = 2;

  private CommandCodec() {}

  /**
   * A gateway's commands, in the order in which they are applied.
   *
   * @param incarnation tells apart two lives of the same gateway
   * @param origin the name of the gateway's node
   */
  public record Batch(long incarnation, String origin, List<SessionCommand> commands) {
    public Batch {
      Objects.requireNonNull(origin, "origin");
      commands = List.copyOf(commands);
    }
  }

  /** The bytes of a {@link Batch}. */
  public static byte[] encode(long incarnation, String origin, List<SessionCommand> commands) {
    ByteWriter to = new ByteWriter(expectedSize(commands));
    to.oneByte(VERSION).varint(incarnation).string(origin).varint(commands.size());
    SessionId last = null;
    for (SessionCommand command : commands) {
      write(to, command, last);
      last = command.session();
    }
    return to.toBytes();
  }

  /**
   * @throws CodecException if the bytes are not those of a batch
   */
  public static Batch decode(byte[] bytes) {
    return read(new ByteReader(bytes));
  }

  static Batch read(ByteReader from) {
    from.version(VERSION, "a batch of commands");
    long incarnation = from.varint();
    String origin = from.string();
    SessionId[] last = {null};
    List<SessionCommand> commands =
        from.list(
            reader -> {
              SessionCommand command = read(reader, last[0]);
              last[0] = command.session();
              return command;
            });
    from.end();
    return new Batch(incarnation, origin, commands);
  }

  private static void write(ByteWriter to, SessionCommand command, SessionId last) {
    to.varint(command.tag());
    if (command.session() == null) {
      to.oneByte(NO_SESSION);
    } else if (command.session().equals(last)) {
      to.oneByte(SAME_SESSION);
    } else {
      to.oneByte(SESSION);
      KvCodec.writeSessionId(to, command.session());
    }
    // The distance is small where the acknowledged sequence itself needn't be.
    to.varint(command.sequence()).varint(command.sequence() - command.acknowledged());
    KvCodec.writeCommand(to, command.command());
  }

  private static SessionCommand read(ByteReader from, SessionId last) {
    long tag = from.varint();
    SessionId session = readSession(from, last);
    long sequence = from.varint();
    long acknowledged = sequence - from.varint();
    Command command = KvCodec.readCommand(from);
    if (!SessionCommand.fit(session, command)) {
      throw from.malformed("a command without its session, or a session where there is none yet");
    }
    return new SessionCommand(tag, session, sequence, acknowledged, command);
  }

  private static SessionId readSession(ByteReader from, SessionId last) {
    int kind = from.oneByte();
    if (kind == SESSION) {
      return KvCodec.readSessionId(from);
    }
    if (kind > SAME_SESSION || (kind == SAME_SESSION && last == null)) {
      throw from.malformed("no session is meant by " + kind + " here");
    }
    return kind == SAME_SESSION ? last : null;
  }

  private static int expectedSize(List<SessionCommand> commands) {
    int size = 64;
    for (SessionCommand sent : commands) {
      size += 32;
      if (sent.command() instanceof Command.Put put) {
        size += put.key().length + put.value().length;
      } else if (sent.command() instanceof Command.Delete delete) {
        size += delete.key().length;
      }
    }
    return size;
  }
}
