package synod.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends messages to other actor systems, large ones in parts: the transport drops a frame above its
 * maximum size. A lost part loses the message. May be shared by threads.
 */
public final class Parts {
  private final Serialization serialization;
  private final int partBytes;
  private final String sender = UUID.randomUUID().toString();
  private final AtomicLong lastId = new AtomicLong();

  /**
   * @param partBytes the size of a part; messages up to this size travel whole
   */
  public Parts(ActorSystem<?> system, int partBytes) {
    this.serialization = SerializationExtension.get(Adapter.toClassic(system));
    this.partBytes = partBytes;
  }

  /**
   * @param size about how many bytes the message takes
   */
  public void send(ActorRef<CborSerializable> to, CborSerializable message, long size) {
    if (size <= partBytes) {
      to.tell(message);
      return;
    }
    Serializer serializer = serialization.findSerializerFor(message);
    byte[] whole = serializer.toBinary(message);
    String manifest = Serializers.manifestFor(serializer, message);
    long id = lastId.incrementAndGet();
    int count = (whole.length + partBytes - 1) / partBytes;
    for (int index = 0; index < count; index++) {
      int start = index * partBytes;
      byte[] piece = Arrays.copyOfRange(whole, start, Math.min(whole.length, start + partBytes));
      to.tell(new Part(sender, id, index, count, serializer.identifier(), manifest, piece));
    }
  }
}
