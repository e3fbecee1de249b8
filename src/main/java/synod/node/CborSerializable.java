package synod.node;

/** Marks what travels between actor systems, serialized by {@code jackson-cbor}. */
public interface CborSerializable {}
