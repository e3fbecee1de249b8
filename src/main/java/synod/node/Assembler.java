package synod.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.util.Try;

/**
 * Puts messages together again that {@link Parts} took apart. Holds a bounded number of bytes: the
 * messages that were begun first are given up for newer ones. Belongs to one thread.
 */
public final class Assembler {
  private static final Logger LOG = LoggerFactory.getLogger(Assembler.class);
  private static final long MAX_HELD_BYTES = 32L << 20;

  /** No message takes more parts than this; a claim of more is not believed. */
  private static final int MAX_COUNT = 4_096;

  private final Serialization serialization;
  private final Map<Key, Partial> partials = new LinkedHashMap<>();
  private long heldBytes;

  private record Key(String sender, long id) {}

  private static final class Partial {
    final byte[][] pieces;
    int missing;
    int bytes;

    Partial(int count) {
      pieces = new byte[count][];
      missing = count;
    }
  }

  public Assembler(ActorSystem<?> system) {
    this.serialization = SerializationExtension.get(Adapter.toClassic(system));
  }

  /**
   * Takes a part as it came from the network; the whole message, if it was the last and the parts
   * make sense together.
   */
  public Optional<Object> add(Part part) {
    if (part.count() < 1
        || part.count() > MAX_COUNT
        || part.index() < 0
        || part.index() >= part.count()) {
      return Optional.empty();
    }
    Key key = new Key(part.sender(), part.id());
    Partial partial = partials.computeIfAbsent(key, unused -> new Partial(part.count()));
    if (partial.pieces.length != part.count() || partial.pieces[part.index()] != null) {
      return Optional.empty();
    }
    partial.pieces[part.index()] = part.bytes();
    partial.bytes += part.bytes().length;
    heldBytes += part.bytes().length;
    if (--partial.missing > 0) {
      giveUpOldest(key);
      return Optional.empty();
    }
    partials.remove(key);
    heldBytes -= partial.bytes;
    Try<Object> whole =
        serialization.deserialize(join(partial), part.serializer(), part.manifest());
    if (whole.isFailure()) {
      LOG.warn(
          "dropped a message in parts that can't be read: {}", whole.failed().get().toString());
    }
    return Optional.ofNullable(whole.getOrElse(() -> null));
  }

  private void giveUpOldest(Key newest) {
    Iterator<Map.Entry<Key, Partial>> oldest = partials.entrySet().iterator();
    while (heldBytes > MAX_HELD_BYTES && oldest.hasNext()) {
      Map.Entry<Key, Partial> victim = oldest.next();
      if (!victim.getKey().equals(newest)) {
        heldBytes -= victim.getValue().bytes;
        oldest.remove();
      }
    }
  }

  private static byte[] join(Partial partial) {
    byte[] whole = new byte[partial.bytes];
    int at = 0;
    for (byte[] piece : partial.pieces) {
      System.arraycopy(piece, 0, whole, at, piece.length);
      at += piece.length;
    }
    return whole;
  }
}
