package synod.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads and checks {@code synod.security} and whether chaos may be had over HTTP. Reads the files
 * that are named there. Reports to its {@link Settings} and goes on, so that its result may be
 * relied upon only if no problem was found.
 */
final class SecurityReader {
  private static final String TOKENS = "synod.security.tokens-file";
  private static final Pattern PATH_OR_NOTHING = Pattern.compile(".*");

  private final Settings settings;

  SecurityReader(Settings settings) {
    this.settings = settings;
  }

  NodeConfig.Security read() {
    boolean chaosOverHttp = settings.flag("synod.chaos.http");
    return new NodeConfig.Security(tokens(), chaosOverHttp);
  }

  private Optional<AccessTokens> tokens() {
    String path = settings.text(TOKENS, PATH_OR_NOTHING, "a path, or empty");
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(AccessTokens.read(Path.of(path)));
    } catch (IOException e) {
      settings.problem(TOKENS, e.getMessage());
      return Optional.empty();
    }
  }
}
