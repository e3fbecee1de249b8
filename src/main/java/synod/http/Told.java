package synod.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import synod.kv.ByteReader;
import synod.kv.ByteWriter;
import synod.kv.CodecException;

/**
 * Something that a node tells of itself, on its way to those who watch.
 *
 * @param node the teller
 * @param number the teller's own, ascending, so that what comes twice is told once; 0 if it is
 *     about the present alone and needs none
 * @param kind what happened, or what the news is about
 * @param from the first slot that it is about; 0 if it is about none
 * @param upTo the last one
 * @param keys those that it is about
 * @param json an object, with the fields above and more
 */
record Told(
    String node, long number, String kind, long from, long upTo, Set<String> keys, byte[] json) {
  private static final int VERSION = 1;
  private static final byte[] END = "\n\n".getBytes(UTF_8);

  /** The kinds that come with every slot, or every second while slots are chosen. */
  private static final Set<String> FREQUENT =
      Set.of("accepted", "chosen", "applied", "commands", "progress", "rates");

  /** Whether it happens seldom, and is worth keeping for longer. */
  boolean isRare() {
    return isPressing() && !kind.equals("status");
  }

  /** Whether readers are to have it at once: it may tell of a failure. */
  boolean isPressing() {
    return !FREQUENT.contains(kind);
  }

  /** About how much memory it takes. */
  int bytes() {
    return 64 + json.length + keys.stream().mapToInt(key -> 3 * key.length()).sum();
  }

  /** Appends it in the form of a server-sent event. */
  void appendEvent(String id, ByteArrayOutputStream to) {
    to.writeBytes(("id: " + id + "\nevent: " + kind + "\ndata: ").getBytes(UTF_8));
    to.writeBytes(json);
    to.writeBytes(END);
  }

  static byte[] encode(List<Told> all) {
    return all.isEmpty()
        ? new byte[0]
        : new ByteWriter(1024).oneByte(VERSION).list(all, Told::write).toBytes();
  }

  /**
   * @param node whose report it is
   * @throws CodecException if it is no report of a node of this version
   */
  static List<Told> decode(String node, byte[] report) {
    if (report.length == 0) {
      return List.of();
    }
    ByteReader from = new ByteReader(report);
    from.version(VERSION, "a report for those who watch");
    List<Told> all = from.list(reader -> read(node, reader));
    from.end();
    return all;
  }

  private static void write(ByteWriter to, Told told) {
    to.varint(told.number).string(told.kind).varint(told.from).varint(told.upTo);
    to.list(new ArrayList<>(told.keys), ByteWriter::string).bytes(told.json);
  }

  private static Told read(String node, ByteReader from) {
    return new Told(
        node,
        from.varint(),
        from.string(),
        from.varint(),
        from.varint(),
        Set.copyOf(from.list(ByteReader::string)),
        from.bytes());
  }
}
