package synod.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bearer tokens that a node takes, and what each allows. Keeps their hashes alone, so that no
 * dump, log or message can show a token; comparing takes the same time whatever is presented. May
 * be used by any thread.
 */
public final class AccessTokens {
  /** What may stand behind "Bearer" (RFC 6750), and long enough not to be guessed. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,500}={0,2}");

  private record Entry(byte[] hash, Set<Permission> permissions) {}

  private final List<Entry> entries;

  private AccessTokens(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads a tokens file. Each line holds permissions, separated by commas, and behind a space the
   * token; empty lines and those that begin with {@code #} say nothing.
   *
   * @throws IOException if the file can't or mustn't be read, or a line makes no sense; the message
   *     names file and line, never a token
   */
  public static AccessTokens read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    read(file, (words, place) -> entries.add(entry(words, place, entries)));
    return new AccessTokens(entries);
  }

  /**
   * A token of the file to show to the nodes that read it too: the first that allows something, or
   * else the first of all.
   *
   * @throws IOException as {@link #read}
   */
  static String first(Path file, Permission wanted) throws IOException {
    List<String> tokens = new ArrayList<>();
    List<String> allowing = new ArrayList<>();
    read(
        file,
        (words, place) -> {
          tokens.add(words[1]);
          if (permissions(words[0], place).contains(wanted)) {
            allowing.add(words[1]);
          }
        });
    return allowing.isEmpty() ? tokens.get(0) : allowing.get(0);
  }

  /** What is done with each line that holds a token. */
  private interface Line {
    /**
     * @param words permissions, and the token
     * @param place for messages
     */
    void take(String[] words, String place) throws IOException;
  }

  private static void read(Path file, Line each) throws IOException {
    int number = 0;
    boolean empty = true;
    for (String line : SecretFile.read(file).lines().map(String::strip).toList()) {
      number++;
      if (!line.isEmpty() && !line.startsWith("#")) {
        empty = false;
        each.take(words(line, file + ": line " + number), file + ": line " + number);
      }
    }
    if (empty) {
      throw new IOException(file + ": holds no token");
    }
  }

  private static String[] words(String line, String place) throws IOException {
    String[] words = line.split("\\s+");
    if (words.length != 2) {
      throw new IOException(place + " must hold permissions and a token, as in: read,write TOKEN");
    }
    if (!TOKEN.matcher(words[1]).matches()) {
      throw new IOException(
          place
              + ": a token has 16 to 500 letters, digits or . _ ~ + / -; openssl rand -hex 32 makes one");
    }
    return words;
  }

  private static Entry entry(String[] words, String place, List<Entry> before) throws IOException {
    Entry entry = new Entry(hash(words[1]), permissions(words[0], place));
    if (before.stream().anyMatch(other -> MessageDigest.isEqual(other.hash, entry.hash))) {
      throw new IOException(place + " repeats a token from above");
    }
    return entry;
  }

  private static Set<Permission> permissions(String words, String place) throws IOException {
    Set<Permission> permissions = EnumSet.of(Permission.READ);
    for (String word : words.split(",")) {
      Optional<Permission> permission =
          Stream.of(Permission.values()).filter(known -> known.label().equals(word)).findAny();
      permissions.add(
          permission.orElseThrow(
              () -> new IOException(place + ": permissions are read, write, chaos and backup")));
    }
    return Set.copyOf(permissions);
  }

  /** What a token allows; nothing if it isn't known. */
  public Set<Permission> of(String token) {
    byte[] presented = hash(token);
    Set<Permission> found = Set.of();
    // To the end in any case: the time shall not tell which entry it was.
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.hash, presented)) {
        found = entry.permissions;
      }
    }
    return found;
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
