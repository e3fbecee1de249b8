package synod.storage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import synod.kv.FormatVersion;
import synod.paxos.Snapshot;

/**
 * Says what a snapshot holds. It opens the snapshot's stream, the files' bytes follow in its order:
 *
 * <pre>
 * synod-snapshot=1
 * cluster=lab
 * cluster-id=4f0c...
 * state-format=2
 * log-version=2
 * slot=1234
 * revision=987
 * file=000012.sst 67108864 e3b0...
 * ...
 * sha256=(of all lines above)
 * </pre>
 *
 * @param cluster the name of the cluster that it comes from
 * @param clusterId the id of that cluster
 * @param stateFormat the layout of the files' content: {@link Identity#FORMAT}
 * @param logVersion the cluster's {@link FormatVersion}
 * @param slot the last slot applied
 * @param revision the store's revision
 * @param files of a state database that was closed; plain names, each once; none is empty
 */
record SnapshotContents(
    String cluster,
    String clusterId,
    int stateFormat,
    int logVersion,
    long slot,
    long revision,
    List<Part> files) {
  /** The layout of the stream and of this text. */
  static final int FORMAT = 1;

  /** More than ten thousand files need. */
  static final int MAX_BYTES = 1 << 20;

  private static final String HEADER = "synod-snapshot=";
  private static final String DIGEST = "sha256=";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /** One file: its name, its length in bytes and the SHA-256 of its content. */
  record Part(String name, long bytes, String digest) {}

  /** The text that the stream opens with. */
  byte[] encode() {
    StringBuilder text =
        new StringBuilder(HEADER + FORMAT + "\n")
            .append("cluster=" + cluster + "\n")
            .append("cluster-id=" + clusterId + "\n")
            .append("state-format=" + stateFormat + "\n")
            .append("log-version=" + logVersion + "\n")
            .append("slot=" + slot + "\n")
            .append("revision=" + revision + "\n");
    for (Part file : files) {
      text.append("file=" + file.name + " " + file.bytes + " " + file.digest + "\n");
    }
    text.append(DIGEST + Sha256.of(bytes(text.toString())) + "\n");
    return bytes(text.toString());
  }

  /** The snapshot that these are the contents of. */
  Snapshot snapshot() {
    byte[] text = encode();
    long bytes = text.length;
    for (Part file : files) {
      bytes += file.bytes;
    }
    return new Snapshot(slot, digestLine(text), bytes);
  }

  private static String digestLine(byte[] text) {
    int end = text.length - 1;
    return new String(text, end - 64, 64, StandardCharsets.US_ASCII);
  }

  /**
   * How many bytes of a stream's beginning these contents take, if they are there as a whole.
   *
   * @throws SnapshotException if no snapshot begins like this, or one of another format
   */
  static Optional<Integer> length(byte[] beginning, int bytes) {
    String text = new String(beginning, 0, Math.min(bytes, MAX_BYTES), StandardCharsets.ISO_8859_1);
    String known = text.substring(0, Math.min(text.length(), HEADER.length()));
    if (!HEADER.startsWith(known)) {
      throw new SnapshotException("this is no snapshot: it doesn't begin with " + HEADER);
    }
    int endOfFirst = text.indexOf('\n');
    if (endOfFirst >= 0) {
      requireFormat(text.substring(HEADER.length(), endOfFirst));
    }
    int digest = text.indexOf("\n" + DIGEST);
    int end = digest < 0 ? -1 : text.indexOf('\n', digest + 1);
    if (end < 0 && (bytes >= MAX_BYTES || (endOfFirst < 0 && bytes > 64))) {
      throw new SnapshotException("this is no snapshot: the list of its files has no end");
    }
    return end < 0 ? Optional.empty() : Optional.of(end + 1);
  }

  private static void requireFormat(String format) {
    if (!format.equals(String.valueOf(FORMAT))) {
      throw new SnapshotException(
          "the snapshot has format "
              + format
              + ", written by another version of this program; expected "
              + FORMAT);
    }
  }

  /**
   * Reads contents, and nothing else.
   *
   * @throws SnapshotException if they are damaged, or the files are in a format that can't be read
   *     here
   */
  static SnapshotContents decode(byte[] text) {
    if (length(text, text.length).orElse(-1) != text.length) {
      throw damaged("they are cut off");
    }
    String lines = new String(text, StandardCharsets.UTF_8);
    int digest = lines.lastIndexOf("\n" + DIGEST) + 1;
    String found = lines.substring(digest + DIGEST.length(), lines.length() - 1);
    if (!Sha256.of(bytes(lines.substring(0, digest))).equals(found)) {
      throw damaged("their digest is wrong");
    }
    Lines from = new Lines(lines.substring(0, digest).split("\n"));
    from.take(HEADER);
    String cluster = from.take("cluster=");
    String clusterId = from.take("cluster-id=");
    long stateFormat = from.number("state-format=");
    if (stateFormat != Identity.FORMAT) {
      throw new SnapshotException(
          "the snapshot's state has format "
              + stateFormat
              + ", written by another version of this program; expected "
              + Identity.FORMAT);
    }
    long logVersion = from.number("log-version=");
    if (logVersion > FormatVersion.LATEST) {
      throw new SnapshotException(
          "the snapshot is of a cluster at version "
              + logVersion
              + "; this program knows versions up to "
              + FormatVersion.LATEST);
    }
    return new SnapshotContents(
        cluster,
        clusterId,
        Identity.FORMAT,
        (int) logVersion,
        from.number("slot="),
        from.number("revision="),
        from.files());
  }

  private static SnapshotException damaged(String how) {
    return new SnapshotException("the snapshot's contents are damaged: " + how);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The lines that are left to read. */
  private static final class Lines {
    private final String[] lines;
    private int next;

    Lines(String[] lines) {
      this.lines = lines;
    }

    String take(String label) {
      if (next == lines.length || !lines[next].startsWith(label)) {
        throw damaged("expected " + label + " in line " + (next + 1));
      }
      return lines[next++].substring(label.length());
    }

    long number(String label) {
      return number(label, take(label));
    }

    private static long number(String label, String text) {
      if (!NUMBER.matcher(text).matches()) {
        throw damaged(label + " isn't a number: " + text);
      }
      return Long.parseLong(text);
    }

    List<Part> files() {
      List<Part> files = new ArrayList<>();
      Set<String> names = new HashSet<>();
      while (next < lines.length) {
        String[] fields = take("file=").split(" ", -1);
        if (fields.length != 3
            || !NAME.matcher(fields[0]).matches()
            || !Sha256.isHex(fields[2])
            || !names.add(fields[0])) {
          throw damaged("line " + next + " names no file that may be written");
        }
        long bytes = number("file=", fields[1]);
        if (bytes == 0) {
          throw damaged("line " + next + " names an empty file");
        }
        files.add(new Part(fields[0], bytes, fields[2]));
      }
      return files;
    }
  }
}
