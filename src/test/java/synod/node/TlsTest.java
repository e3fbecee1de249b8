package synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
