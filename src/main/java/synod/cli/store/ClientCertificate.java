package synod.cli.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import synod.node.Tls;

/** The options that let the Java client speak to nodes that ask for a certificate. */
final class ClientCertificate {
  @Option(
      names = "--cert",
      paramLabel = "FILE",
      defaultValue = "${env:SYNOD_CERT}",
      description =
          "A certificate to show to nodes, with --key and --ca (or set SYNOD_CERT). Without it"
              + " --ca makes keys go over HTTPS.")
  private Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      defaultValue = "${env:SYNOD_KEY}",
      description = "The certificate's private key (or set SYNOD_KEY).")
  private Path key;

  /**
   * @param ca of the nodes; null if none is given
   * @return empty if there is no certificate
   */
  Optional<Tls> with(Path ca) {
    if (certificate == null && key == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null || ca == null) {
      throw new UsageException("--cert, --key and --ca go together");
    }
    try {
      return Optional.of(Tls.read(certificate, key, ca));
    } catch (IOException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
