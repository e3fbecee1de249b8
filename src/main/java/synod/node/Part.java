package synod.node;

/**
 * A piece of a message that is too large for one frame.
 *
 * @param sender names the sending process's life, so that ids don't repeat
 * @param id tells the sender's messages apart
 * @param index of this piece, from 0
 * @param serializer Akka's number of the serializer that wrote the whole message
 * @param manifest its note on the message's type
 */
public record Part(
    String sender, long id, int index, int count, int serializer, String manifest, byte[] bytes)
    implements GatewayMessage, CborSerializable {}
