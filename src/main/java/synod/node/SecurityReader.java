package synod.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads and checks {@code synod.security} and whether chaos may be had over HTTP. Reads the files
 * that are named there. Reports to its {@link Settings} and goes on, so that its result may be
 * relied upon only if no problem was found.
 */
final class SecurityReader {
  private static final String SECURITY = "synod.security";
  private static final String INSECURE = SECURITY + ".allow-insecure";
  private static final String TOKENS = SECURITY + ".tokens-file";
  private static final String TLS = SECURITY + ".tls";

  /** In a path, stands for the node's name. */
  private static final String NODE = "{node}";

  private static final Pattern ANY_OR_NOTHING = Pattern.compile(".*");

  /**
   * Addresses that only this machine reaches. A name is none: who knows what it means elsewhere.
   */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[?(::1|(0+:){7}0*1)]?");

  private final Settings settings;

  /** Null if it isn't known. */
  private final NodeConfig.Node self;

  SecurityReader(Settings settings, NodeConfig.Node self) {
    this.settings = settings;
    this.self = self;
  }

  NodeConfig.Security read() {
    boolean chaosOverHttp = settings.flag("synod.chaos.http");
    boolean allowInsecure = settings.flag(INSECURE);
    List<String> tlsFiles = Stream.of("certificate", "key", "ca").map(this::tlsFile).toList();
    String tokensFile = text(TOKENS);
    String bound = text("akka.remote.artery.bind.hostname");
    if (self == null) {
      return NodeConfig.Security.NONE;
    }
    if (!allowInsecure && settings.valid(INSECURE)) {
      refuseInsecure(bound, tlsFiles.stream().allMatch(String::isEmpty), tokensFile.isEmpty());
    }
    return new NodeConfig.Security(tls(tlsFiles), tokens(tokensFile), chaosOverHttp);
  }

  /** What it takes to talk to the node; the files are not looked at. */
  LocalAccess localAccess() {
    return new LocalAccess(path(tlsFile("ca")), path(text(TOKENS)));
  }

  private static Optional<Path> path(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  private String tlsFile(String name) {
    return text(TLS + "." + name).replace(NODE, self == null ? NODE : self.name());
  }

  private String text(String path) {
    return settings.text(path, ANY_OR_NOTHING, "text");
  }

  private void refuseInsecure(String bound, boolean lacksTls, boolean lacksTokens) {
    Optional<String> reachable =
        Stream.of(self.host(), bound)
            .filter(host -> !host.isEmpty() && !LOOPBACK.matcher(host).matches())
            .findFirst();
    if (reachable.isPresent() && (lacksTls || lacksTokens)) {
      List<String> missing =
          Stream.of(
                  lacksTls ? "TLS (" + TLS + ")" : "", lacksTokens ? "tokens (" + TOKENS + ")" : "")
              .filter(word -> !word.isEmpty())
              .toList();
      settings.problem(
          SECURITY,
          "other machines can reach %s at %s, so it needs %s; docs/security.md shows how, or %s = on lets everybody in"
              .formatted(self.name(), reachable.get(), String.join(" and ", missing), INSECURE));
    }
  }

  private Optional<Tls> tls(List<String> files) {
    if (files.stream().allMatch(String::isEmpty)) {
      return Optional.empty();
    }
    if (files.stream().anyMatch(String::isEmpty)) {
      settings.problem(TLS, "needs all of certificate, key and ca");
      return Optional.empty();
    }
    try {
      return Optional.of(
          Tls.read(Path.of(files.get(0)), Path.of(files.get(1)), Path.of(files.get(2))));
    } catch (IOException e) {
      settings.problem(TLS, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<AccessTokens> tokens(String file) {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(AccessTokens.read(Path.of(file)));
    } catch (IOException e) {
      settings.problem(TOKENS, e.getMessage());
      return Optional.empty();
    }
  }
}
