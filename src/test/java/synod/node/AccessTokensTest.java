package synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static synod.node.Permission.CHAOS;
import static synod.node.Permission.READ;
import static synod.node.Permission.WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens a file grants what, and which files are refused; no message shows a token. */
class AccessTokensTest {
  private static final String A = "a".repeat(32);
  private static final String B = "b".repeat(32);
  private static final String C = "c".repeat(31) + "=";

  @TempDir private Path directory;

  private Path file(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("tokens"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void eachTokenAllowsWhatItsLineSaysAndToRead() throws IOException {
    AccessTokens tokens =
        AccessTokens.read(
            file("# the lab\n\nread %s\nwrite  %s\nchaos,write\t%s\n".formatted(A, B, C)));

    assertThat(tokens.of(A)).containsExactly(READ);
    assertThat(tokens.of(B)).containsExactlyInAnyOrder(READ, WRITE);
    assertThat(tokens.of(C)).containsExactlyInAnyOrder(READ, WRITE, CHAOS);
  }

  @Test
  void theFirstThatAllowsItIsTheOneToShow() throws IOException {
    Path file = file("read %s\nchaos,write %s\nwrite %s\n".formatted(A, B, C));
    assertThat(AccessTokens.first(file, WRITE)).isEqualTo(B);
    assertThat(AccessTokens.first(file, READ)).isEqualTo(A);
    assertThat(AccessTokens.first(file("read " + A), WRITE)).isEqualTo(A);
  }

  @Test
  void whatIsNotAWholeTokenOfTheFileAllowsNothing() throws IOException {
    AccessTokens tokens = AccessTokens.read(file("write " + A));

    assertThat(tokens.of("")).isEmpty();
    assertThat(tokens.of(A.substring(1))).isEmpty();
    assertThat(tokens.of(A + "a")).isEmpty();
    assertThat(tokens.of(A.toUpperCase(java.util.Locale.ROOT))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                              | holds no token",
        "secret-secret-secret                            | line 1 must hold permissions and a token",
        "read secret-secret-secret twice                 | line 1 must hold permissions and a token",
        "admin secret-secret-secret                      | line 1: permissions are read, write, chaos and backup",
        "read secret                                     | line 1: a token has 16 to 500",
        "read secret-secret-secret!                      | line 1: a token has 16 to 500",
      })
  void whatMakesNoSenseIsRefusedWithItsLine(String content, String why) throws IOException {
    Path file = file(content);

    assertThatIOException()
        .isThrownBy(() -> AccessTokens.read(file))
        .satisfies(
            refused ->
                assertThat(refused)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(why)
                    .hasMessageNotContaining("secret"));
  }

  @Test
  void aTokenThatIsThereTwiceIsRefused() throws IOException {
    Path file = file("read %s\nwrite %s\n".formatted(A, A));

    assertThatIOException()
        .isThrownBy(() -> AccessTokens.read(file))
        .withMessage(file + ": line 2 repeats a token from above");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-----w-"})
  void aFileThatOthersMayOpenIsRefused(String mode) throws IOException {
    Path file = file("read " + A);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    assertThatIOException()
        .isThrownBy(() -> AccessTokens.read(file))
        .withMessage(file + ": is open to every user of this machine; close it: chmod 600 " + file);
  }

  @Test
  void aGroupMayReadIt() throws IOException {
    Path file = file("read " + A);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThat(AccessTokens.read(file).of(A)).containsExactly(READ);
  }
}
