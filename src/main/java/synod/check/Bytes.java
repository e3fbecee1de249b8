package synod.check;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A key or a value: immutable bytes with equality by content and a hash computed once. */
public final class Bytes {
  private static final int SHOWN_CHARACTERS = 48;
  private static final int SHOWN_BYTES = 16;

  private final byte[] content;
  private final int hash;

  private Bytes(byte[] content) {
    this.content = content;
    this.hash = Arrays.hashCode(content);
  }

  /** A copy of these bytes. */
  public static Bytes of(byte[] content) {
    return new Bytes(content.clone());
  }

  /** The text's bytes in UTF-8. */
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return content.clone();
  }

  /** The text that these bytes are in UTF-8, if they are and no control character is in it. */
  public Optional<String> text() {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(text);
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && hash == that.hash && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** For people: quoted text, otherwise hexadecimal; what is long is cut and says its length. */
  @Override
  public String toString() {
    return text().map(this::quoted).orElseGet(this::hexadecimal);
  }

  private String quoted(String text) {
    return text.length() <= SHOWN_CHARACTERS
        ? '"' + text + '"'
        : '"' + text.substring(0, SHOWN_CHARACTERS) + "…\" (" + content.length + " bytes)";
  }

  private String hexadecimal() {
    int shown = Math.min(content.length, SHOWN_BYTES);
    String hex = "0x" + HexFormat.of().formatHex(content, 0, shown);
    return shown == content.length ? hex : hex + "… (" + content.length + " bytes)";
  }
}
