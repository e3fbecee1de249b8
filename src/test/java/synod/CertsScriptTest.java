package synod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import synod.Certificates.Ended;

/** {@code scripts/certs}: makes what is missing, keeps what is there, and says what is wrong. */
class CertsScriptTest {
  @TempDir private Path directory;

  private Ended certs(String... arguments) {
    return Certificates.certs(directory, arguments);
  }

  @Test
  void whatIsThereIsKeptAndWhatIsMissingIsMade() throws IOException {
    assertThat(certs("n1=127.0.0.1").said())
        .contains("ca: made", "n1: made")
        .containsPattern("expires [A-Z][a-z]{2} .* GMT");
    byte[] authority = Files.readAllBytes(directory.resolve("ca.crt"));
    byte[] first = Files.readAllBytes(directory.resolve("n1.crt"));

    assertThat(certs("n1=127.0.0.1", "--client", "c").said())
        .contains("ca: kept", "n1: kept", "c: made");
    assertThat(directory.resolve("n1.crt")).hasBinaryContent(first);

    assertThat(certs("--renew", "n1=127.0.0.1,::1").said()).contains("ca: kept", "n1: made");
    assertThat(directory.resolve("ca.crt")).hasBinaryContent(authority);
    assertThat(Files.readAllBytes(directory.resolve("n1.crt"))).isNotEqualTo(first);
    assertThat(certs("n1=::1").said()).contains("n1: kept");
  }

  @Test
  void keysAreForTheirUserAlone() throws IOException {
    certs("n1=127.0.0.1");

    for (String key : new String[] {"ca.key", "n1.key"}) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(key))))
          .isEqualTo("rw-------");
    }
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("ca.crt", "ca.key", "n1.crt", "n1.key");
  }

  @Test
  void theNodesOfAClusterFileGetTheirs() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("cluster.conf"),
            """
            synod.cluster { name = synod
              nodes = [
                { name = a, host = 127.0.0.1, akka-port = 1, roles = [acceptor, learner] } # { name = x, host = y }
                {
                  host : "b.lab"
                  name : "b"
                }
              ] }
            """);

    assertThat(certs("--cluster", file.toString()).said().lines())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).startsWith("a: made"))
        .anySatisfy(line -> assertThat(line).startsWith("b: made"));
    assertThat(certs("a=127.0.0.1", "b=b.lab").exitCode()).isZero();
  }

  @ParameterizedTest(name = "[{0}]")
  @CsvSource(
      delimiter = '|',
      value = {
        "''                  | 2 | say for whom",
        "n1                  | 2 | n1 is no NODE=HOST",
        "n1=                 | 2 | n1= lacks a host",
        "ca=127.0.0.1        | 2 | the name ca is taken",
        "a=127.0.0.1 a=::1   | 2 | the name a is taken",
        "a/b=127.0.0.1       | 2 | is no name",
        "n1=a/b              | 2 | is no list of names and addresses",
        "--days 0 n1=::1     | 2 | --days takes a number",
        "--days              | 2 | --days needs a value",
        "--cluster nowhere   | 2 | nowhere: no such file",
        "--quick n1=::1      | 2 | unknown option --quick",
      })
  void aWrongUseIsOneLineAndDoesNothing(String arguments, int exitCode, String why) {
    Ended ended = certs(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(ended.exitCode()).isEqualTo(exitCode);
    assertThat(ended.said().lines()).singleElement().asString().startsWith("certs: ").contains(why);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aCertificateThatDoesNotFitIsNotTouched() throws IOException {
    certs("n1=127.0.0.1");
    byte[] before = Files.readAllBytes(directory.resolve("n1.crt"));

    Ended elsewhere = certs("n1=10.0.0.1");
    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(elsewhere.said()).contains("is not for 10.0.0.1", "--renew");

    Files.delete(directory.resolve("ca.key"));
    Ended keyless = certs("n1=127.0.0.1", "n2=127.0.0.1");
    assertThat(keyless.exitCode()).isEqualTo(1);
    assertThat(keyless.said()).contains("n1: kept", "ca.key is not there");
    assertThat(directory.resolve("n1.crt")).hasBinaryContent(before);
  }

  @Test
  void anExpiredCertificateIsSaidToBe() throws IOException {
    Certificates.make(directory, "n1=127.0.0.1").expire("n1");

    assertThat(certs("n1=127.0.0.1").said()).contains("n1.crt, which EXPIRED");
  }
}
