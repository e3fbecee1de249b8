package synod.storage;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import synod.paxos.Formation.Standing;
import synod.paxos.Invariant;

/**
 * Says whose data a directory holds, and how far its node has come in joining its cluster. Every
 * change is durable on return, and a crash leaves the old record or the new one.
 *
 * <p>Belongs to one thread at a time.
 */
public final class Identity {
  /**
   * The layout of the data directory and of everything stored in it. The second one keeps the
   * history of changes and a sum of all records, which a directory in the first one has not.
   */
  static final int FORMAT = 2;

  static final String FILE = "identity";
  private static final String HEADER = "synod-format";

  private final Path file;
  private final String cluster;
  private final String node;
  private final String fingerprint;
  private Standing standing;

  /** Empty until the node knows it. Invariant: once set it never changes. */
  private String clusterId;

  /** The name of the snapshot that the state began with; empty if it began with nothing. */
  private final String restoredFrom;

  private Identity(
      Path file,
      String cluster,
      String node,
      String fingerprint,
      Standing standing,
      String clusterId,
      String restoredFrom) {
    this.file = file;
    this.cluster = cluster;
    this.node = node;
    this.fingerprint = fingerprint;
    this.standing = standing;
    this.clusterId = clusterId;
    this.restoredFrom = restoredFrom;
  }

  /** Writes the record of a directory that is new. */
  static Identity create(Path directory, String cluster, String node, String fingerprint) {
    return create(directory, cluster, node, fingerprint, "");
  }

  /**
   * Writes the record of a directory that is new to its cluster.
   *
   * @param restoredFrom the name of the snapshot whose state it holds; empty if it holds nothing
   */
  static Identity create(
      Path directory, String cluster, String node, String fingerprint, String restoredFrom) {
    for (String value : new String[] {cluster, node, fingerprint}) {
      requireOneLine(value);
    }
    Identity identity =
        new Identity(
            directory.resolve(FILE),
            cluster,
            node,
            fingerprint,
            Standing.UNFORMED,
            "",
            restoredFrom);
    try {
      identity.save();
    } catch (IOException e) {
      throw new StorageRefusedException(
          "data directory " + directory + " can't be written to: " + e, e);
    }
    return identity;
  }

  /**
   * Reads a directory's record and compares it with what is expected.
   *
   * @throws StorageRefusedException if it is damaged, in another format, or another's
   */
  static Identity read(Path directory, String cluster, String node, String fingerprint) {
    Path file = directory.resolve(FILE);
    Map<String, String> fields = fields(directory, file);
    expect(directory, "cluster", fields.get("cluster"), cluster);
    expect(directory, "node", fields.get("node"), node);
    expect(directory, "configuration fingerprint", fields.get("fingerprint"), fingerprint);
    try {
      Standing standing = Standing.valueOf(fields.getOrDefault("standing", "(none)"));
      return new Identity(
          file,
          cluster,
          node,
          fingerprint,
          standing,
          fields.getOrDefault("cluster-id", ""),
          fields.getOrDefault("restored-from", ""));
    } catch (IllegalArgumentException e) {
      throw damaged(directory, "its standing is unknown: " + fields.get("standing"));
    }
  }

  private static Map<String, String> fields(Path directory, Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw damaged(directory, "it is not text");
    } catch (IOException e) {
      throw new StorageRefusedException(
          "data directory " + directory + ": its identity file can't be read: " + e, e);
    }
    int end = text.lastIndexOf("crc32c=");
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        fields.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    // Asked before the checksum, which a newer format may compute otherwise.
    if (text.startsWith(HEADER + "=") && isOther(fields.get(HEADER))) {
      throw new StorageRefusedException(
          "data directory "
              + directory
              + " has format "
              + fields.get(HEADER)
              + ", written by another version of this program; expected "
              + FORMAT);
    }
    if (end < 0 || !text.substring(end).equals(checksumLine(text.substring(0, end)))) {
      throw damaged(directory, "its checksum is wrong or missing");
    }
    return fields;
  }

  private static boolean isOther(String format) {
    return format.matches("[0-9]{1,9}") && Integer.parseInt(format) != FORMAT;
  }

  private static void expect(Path directory, String what, String found, String expected) {
    if (!expected.equals(found)) {
      throw new StorageRefusedException(
          "data directory "
              + directory
              + " belongs to another "
              + what
              + ": found "
              + found
              + ", expected "
              + expected);
    }
  }

  private static StorageRefusedException damaged(Path directory, String how) {
    return new StorageRefusedException(
        "data directory "
            + directory
            + ": the identity file is damaged ("
            + how
            + "); expected it as this program wrote it");
  }

  private static String checksumLine(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("crc32c=%08x%n", crc.getValue()).replace("\r", "");
  }

  private static void requireOneLine(String value) {
    if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("not one line of text: '" + value + "'");
    }
  }

  public String cluster() {
    return cluster;
  }

  public String node() {
    return node;
  }

  public Standing standing() {
    return standing;
  }

  /** The id shared by all nodes of a cluster that has formed; empty until this node knows it. */
  public Optional<String> clusterId() {
    return clusterId.isEmpty() ? Optional.empty() : Optional.of(clusterId);
  }

  /** The name of the snapshot that this node's state began with; empty if it began with nothing. */
  public String restoredFrom() {
    return restoredFrom;
  }

  private boolean mayFollow(Standing next) {
    return switch (standing) {
      case UNFORMED -> true;
      case FORMING, JOINED -> next == Standing.MEMBER;
      case MEMBER, FORGOTTEN, LEARNER -> false;
    };
  }

  /**
   * Passes to another standing, or adds the cluster's id to the present one. Durable on return.
   *
   * @param id the cluster's id, one line of text; null to leave it as it is
   * @throws synod.paxos.InvariantViolation if the standing may not follow the present one, the id
   *     would change, or a member would have none
   * @throws StorageFailure if it can't be written; nothing has changed then in memory
   */
  public void advance(Standing next, String id) {
    if (id != null) {
      requireOneLine(id);
    }
    String nextId = id == null ? clusterId : id;
    Invariant.check(
        next == standing || mayFollow(next),
        "%s: a node that is %s can't become %s",
        file,
        standing,
        next);
    Invariant.check(
        clusterId.isEmpty() || clusterId.equals(nextId),
        "%s: the cluster's id is %s and can't become %s",
        file,
        clusterId,
        nextId);
    Invariant.check(
        next != Standing.MEMBER || !nextId.isEmpty(), "%s: a member without a cluster id", file);
    if (next == standing && nextId.equals(clusterId)) {
      return;
    }
    Identity changed = new Identity(file, cluster, node, fingerprint, next, nextId, restoredFrom);
    try {
      changed.save();
    } catch (IOException e) {
      throw new StorageFailure("can't write " + file, e);
    }
    standing = next;
    clusterId = nextId;
  }

  private void save() throws IOException {
    String text =
        HEADER
            + "="
            + FORMAT
            + "\ncluster="
            + cluster
            + "\nnode="
            + node
            + "\nfingerprint="
            + fingerprint
            + "\nstanding="
            + standing
            + "\n"
            + (clusterId.isEmpty() ? "" : "cluster-id=" + clusterId + "\n")
            + (restoredFrom.isEmpty() ? "" : "restored-from=" + restoredFrom + "\n");
    DurableFiles.replace(file, (text + checksumLine(text)).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return node + " of " + cluster + ", " + standing;
  }
}
