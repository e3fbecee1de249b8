package synod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates for tests, made by {@code scripts/certs}, and bad ones, made by openssl. */
public record Certificates(Path directory) {
  /** How a program ended, and all that it printed. */
  public record Ended(int exitCode, String said) {}

  /** Makes certificates, and the authority in this directory if there is none yet. */
  public static Certificates make(Path directory, String... names) {
    Ended ended = certs(directory, names);
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    return new Certificates(directory);
  }

  public static Ended certs(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of("scripts/certs", "--dir", directory.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  public Path ca() {
    return directory.resolve("ca.crt");
  }

  public Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** Replaces a certificate by one that has expired, which the script doesn't make. */
  public void expire(String name) throws IOException {
    Path request = directory.resolve("expired.csr");
    Path extensions =
        Files.writeString(
            directory.resolve("expired.ext"), "subjectAltName=DNS:synod-cluster,IP:127.0.0.1\n");
    openssl(
        "req",
        "-new",
        "-key",
        key(name).toString(),
        "-subj",
        "/CN=" + name,
        "-out",
        request.toString());
    openssl(
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        ca().toString(),
        "-CAkey",
        directory.resolve("ca.key").toString(),
        "-days",
        "-1",
        "-extfile",
        extensions.toString(),
        "-out",
        certificate(name).toString());
  }

  /** The settings of a node's TLS. */
  public String settings() {
    return """
    synod.security.tls { certificate = "%1$s/{node}.crt", key = "%1$s/{node}.key", ca = "%1$s/ca.crt" }
    """
        .formatted(directory);
  }

  private static void openssl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Ended ended = run(command);
    assertThat(ended.exitCode()).as(ended.said()).isZero();
  }

  private static Ended run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), said);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
