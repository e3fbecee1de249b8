package synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import synod.Certificates;

/** Certificates and keys that can't work are refused by file before anything is started. */
class TlsTest {
  @TempDir private static Path directory;
  private static Certificates lab;
  private static Certificates other;

  @BeforeAll
  static void make() {
    lab =
        Certificates.make(
            directory.resolve("lab"), "n1=127.0.0.1", "n2=127.0.0.1", "old=127.0.0.1");
    other = Certificates.make(directory.resolve("other"), "n1=127.0.0.1");
  }

  private static void refused(Path certificate, Path key, Path ca, Path named, String why) {
    assertThatIOException()
        .isThrownBy(() -> Tls.read(certificate, key, ca))
        .withMessageStartingWith(named + ": ")
        .withMessageContaining(why);
  }

  @Test
  void whatFitsTogetherIsTaken() throws IOException {
    Tls tls = Tls.read(lab.certificate("n1"), lab.key("n1"), lab.ca());

    assertThat(tls.akkaSettings()).containsEntry("akka.remote.artery.transport", "tls-tcp");
    assertThat(tls.httpServerEngine().getEnabledProtocols())
        .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() {
    refused(
        other.certificate("n1"),
        other.key("n1"),
        lab.ca(),
        other.certificate("n1"),
        "was not issued by the authority in " + lab.ca());
  }

  @Test
  void anExpiredCertificateIsRefused() throws IOException {
    lab.expire("old");
    refused(
        lab.certificate("old"), lab.key("old"), lab.ca(), lab.certificate("old"), "has expired");
  }

  @Test
  void theKeyOfAnotherCertificateIsRefused() {
    refused(lab.certificate("n1"), lab.key("n2"), lab.ca(), lab.key("n2"), "is not the key of");
  }

  @Test
  void filesThatAreMissingOrSomethingElseAreRefused() {
    Path missing = directory.resolve("missing");
    refused(missing, lab.key("n1"), lab.ca(), missing, "no such file");
    refused(lab.certificate("n1"), missing, lab.ca(), missing, "no such file");
    refused(lab.certificate("n1"), lab.key("n1"), missing, missing, "no such file");
    refused(lab.key("n1"), lab.key("n1"), lab.ca(), lab.key("n1"), "is no certificate");
  }

  /** As when a disk was full, or a copy was broken off. */
  @Test
  void filesThatAreCutOffOrDamagedAreRefused() throws IOException {
    for (int percent : new int[] {0, 5, 50, 95}) {
      Path certificate = cut(lab.certificate("n1"), percent);
      refused(certificate, lab.key("n1"), lab.ca(), certificate, "is no certificate in PEM");
      refused(lab.certificate("n1"), lab.key("n1"), certificate, certificate, "is no certificate");
      Path key = cut(lab.key("n1"), percent);
      refused(lab.certificate("n1"), key, lab.ca(), key, "is no private key in PEM");
    }
    Path damaged = damaged(lab.key("n1"));
    refused(lab.certificate("n1"), damaged, lab.ca(), damaged, "is no private key in PEM");
  }

  private static Path cut(Path file, int percent) throws IOException {
    byte[] all = Files.readAllBytes(file);
    return secret("cut", Arrays.copyOf(all, all.length * percent / 100));
  }

  /** Text between the right lines that stands for something else. */
  private static Path damaged(Path file) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    Collections.reverse(lines.subList(1, lines.size() - 1));
    return secret("damaged", String.join("\n", lines).getBytes(StandardCharsets.US_ASCII));
  }

  private static Path secret(String name, byte[] content) throws IOException {
    Path file = Files.write(directory.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aFileThatThisUserMayNotReadIsRefused() throws IOException {
    Path closed = secret("closed", Files.readAllBytes(lab.certificate("n1")));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("-w-------"));
    assumeThat(Files.isReadable(closed)).as("root reads everything").isFalse();

    refused(closed, lab.key("n1"), lab.ca(), closed, "can't be read by this user");
    refused(lab.certificate("n1"), lab.key("n1"), closed, closed, "can't be read by this user");
    refused(lab.certificate("n1"), closed, lab.ca(), closed, "can't be read by this user");
  }

  @Test
  void aKeyThatIsOpenToEverybodyOrNoneIsRefused() throws IOException {
    Path open = Files.copy(lab.key("n1"), directory.resolve("open.key"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    refused(lab.certificate("n1"), open, lab.ca(), open, "is open to every user");

    Path none = Files.writeString(directory.resolve("none.key"), "no key at all");
    Files.setPosixFilePermissions(none, PosixFilePermissions.fromString("rw-------"));
    refused(lab.certificate("n1"), none, lab.ca(), none, "is no private key in PEM");
  }
}
