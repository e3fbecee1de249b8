package synod.node;

import java.util.List;
import java.util.function.Function;
import synod.kv.ByteReader;
import synod.kv.ByteWriter;
import synod.kv.Command;
import synod.kv.KvCodec;
import synod.kv.Query;

/**
 * The binary form of what a client and a gateway send each other in one message: its requests, and
 * the replies to them. Strict: bytes that are not exactly such a list are refused with a {@link
 * synod.kv.CodecException} and nothing else. Whether a request keeps the store's limits is for the
 * gateway to check.
 */
public final class ClientCodec {
  private static final int VERSION = 1;

  // The numbers are part of the format: never give one a new meaning.
  private static final int WRITE = 1;
  private static final int LINEARIZABLE_READ = 2;
  private static final int STALE_READ = 3;

  private static final int WRITTEN = 1;
  private static final int ANSWERED = 2;
  private static final int REFUSED = 3;
  private static final int UNKNOWN = 4;

  private static final int INVALID = 1;
  private static final int OVERLOADED = 2;
  private static final int UNAVAILABLE = 3;
  private static final int QUOTA_EXCEEDED = 4;

  /** More than all the numbers of a request or a reply take together. */
  private static final int NUMBERS_BYTES = 96;

  private ClientCodec() {}

  public static byte[] encodeRequests(List<Request> requests) {
    int size = NUMBERS_BYTES;
    for (Request request : requests) {
      size += sizeOf(request.operation());
    }
    ByteWriter to = new ByteWriter(size);
    return to.oneByte(VERSION).list(requests, ClientCodec::writeRequest).toBytes();
  }

  /**
   * @throws synod.kv.CodecException if the bytes are not those of a list of requests
   */
  public static List<Request> decodeRequests(byte[] bytes) {
    return decode(bytes, "a list of requests", ClientCodec::readRequest);
  }

  public static byte[] encodeReplies(List<Reply> replies) {
    ByteWriter to = new ByteWriter(NUMBERS_BYTES * (1 + replies.size()));
    return to.oneByte(VERSION).list(replies, ClientCodec::writeReply).toBytes();
  }

  /**
   * @throws synod.kv.CodecException if the bytes are not those of a list of replies
   */
  public static List<Reply> decodeReplies(byte[] bytes) {
    return decode(bytes, "a list of replies", ClientCodec::readReply);
  }

  /**
   * At least the bytes that a request for this operation adds to an encoded list, and at most a
   * hundred more: for whoever fills a message up to a size.
   */
  public static int sizeOf(Operation operation) {
    if (operation instanceof Operation.Write write) {
      return NUMBERS_BYTES + sizeOf(write.command());
    }
    if (operation instanceof Operation.LinearizableRead read) {
      return NUMBERS_BYTES + sizeOf(read.query());
    }
    if (operation instanceof Operation.StaleRead read) {
      return NUMBERS_BYTES + sizeOf(read.query());
    }
    throw unknown(operation);
  }

  private static int sizeOf(Command command) {
    if (command instanceof Command.Put put) {
      return put.key().length + put.value().length;
    }
    return command instanceof Command.Delete delete ? delete.key().length : 0;
  }

  private static int sizeOf(Query query) {
    if (query instanceof Query.ListKeys list) {
      return list.prefix().length + list.after().length;
    }
    return query instanceof Query.Get get ? get.key().length : 0;
  }

  private static <T> List<T> decode(byte[] bytes, String what, Function<ByteReader, T> read) {
    ByteReader from = new ByteReader(bytes);
    from.version(VERSION, what);
    List<T> values = from.list(read);
    from.end();
    return values;
  }

  private static void writeRequest(ByteWriter to, Request request) {
    to.varint(request.id()).varint(request.timeoutMillis());
    to.optional(request.session(), ClientCodec::writeStamp);
    writeOperation(to, request.operation());
  }

  private static Request readRequest(ByteReader from) {
    long id = from.varint();
    long timeoutMillis = from.varint();
    Request.Stamp session = from.optional(ClientCodec::readStamp);
    return new Request(id, readOperation(from), session, timeoutMillis);
  }

  private static void writeStamp(ByteWriter to, Request.Stamp stamp) {
    KvCodec.writeSessionId(to, stamp.session());
    to.varint(stamp.sequence()).varint(stamp.acknowledged());
  }

  private static Request.Stamp readStamp(ByteReader from) {
    return new Request.Stamp(KvCodec.readSessionId(from), from.varint(), from.varint());
  }

  private static void writeOperation(ByteWriter to, Operation operation) {
    if (operation instanceof Operation.Write write) {
      KvCodec.writeCommand(to.oneByte(WRITE), write.command());
    } else if (operation instanceof Operation.LinearizableRead read) {
      KvCodec.writeQuery(to.oneByte(LINEARIZABLE_READ), read.query());
    } else if (operation instanceof Operation.StaleRead read) {
      KvCodec.writeQuery(to.oneByte(STALE_READ).varint(read.minRevision()), read.query());
    } else {
      throw unknown(operation);
    }
  }

  private static Operation readOperation(ByteReader from) {
    int kind = from.oneByte();
    switch (kind) {
      case WRITE:
        return new Operation.Write(KvCodec.readCommand(from));
      case LINEARIZABLE_READ:
        return new Operation.LinearizableRead(KvCodec.readQuery(from));
      case STALE_READ:
        long minRevision = from.varint();
        return new Operation.StaleRead(KvCodec.readQuery(from), minRevision);
      default:
        throw from.malformed("no operation of kind " + kind + " is known");
    }
  }

  private static void writeReply(ByteWriter to, Reply reply) {
    to.varint(reply.id());
    Outcome outcome = reply.outcome();
    if (outcome instanceof Outcome.Written written) {
      KvCodec.writeResult(to.oneByte(WRITTEN).varint(written.slot()), written.result());
    } else if (outcome instanceof Outcome.Answered answered) {
      to.oneByte(ANSWERED).varint(answered.appliedSlot());
      KvCodec.writeAnswer(to, answered.answer());
    } else if (outcome instanceof Outcome.Refused refused) {
      to.oneByte(REFUSED).oneByte(number(refused.reason())).string(refused.detail());
    } else if (outcome instanceof Outcome.Unknown unknown) {
      to.oneByte(UNKNOWN).string(unknown.detail());
    } else {
      throw unknown(outcome);
    }
  }

  private static Reply readReply(ByteReader from) {
    return new Reply(from.varint(), readOutcome(from));
  }

  private static Outcome readOutcome(ByteReader from) {
    int kind = from.oneByte();
    switch (kind) {
      case WRITTEN:
        long slot = from.varint();
        return new Outcome.Written(KvCodec.readResult(from), slot);
      case ANSWERED:
        long appliedSlot = from.varint();
        return new Outcome.Answered(KvCodec.readAnswer(from), appliedSlot);
      case REFUSED:
        return new Outcome.Refused(readReason(from), from.string());
      case UNKNOWN:
        return new Outcome.Unknown(from.string());
      default:
        throw from.malformed("no outcome of kind " + kind + " is known");
    }
  }

  private static int number(Outcome.Reason reason) {
    return switch (reason) {
      case INVALID -> INVALID;
      case OVERLOADED -> OVERLOADED;
      case UNAVAILABLE -> UNAVAILABLE;
      case QUOTA_EXCEEDED -> QUOTA_EXCEEDED;
    };
  }

  private static Outcome.Reason readReason(ByteReader from) {
    int number = from.oneByte();
    return switch (number) {
      case INVALID -> Outcome.Reason.INVALID;
      case OVERLOADED -> Outcome.Reason.OVERLOADED;
      case UNAVAILABLE -> Outcome.Reason.UNAVAILABLE;
      case QUOTA_EXCEEDED -> Outcome.Reason.QUOTA_EXCEEDED;
      default -> throw from.malformed("no reason of number " + number + " is known");
    };
  }

  private static IllegalArgumentException unknown(Object value) {
    return new IllegalArgumentException("no binary form for " + value.getClass().getName());
  }
}
