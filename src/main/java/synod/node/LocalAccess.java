package synod.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What a program of the same machine and user finds in the nodes' own configuration to speak to
 * them over HTTP with. Reads the files when it is asked for what is in them.
 *
 * @param ca of the authority whose certificates nodes show; empty if they speak in the clear
 * @param tokensFile empty if they ask for no token
 */
public record LocalAccess(Optional<Path> ca, Optional<Path> tokensFile) {
  /** For nodes that anybody may talk to. */
  public static final LocalAccess OPEN = new LocalAccess(Optional.empty(), Optional.empty());

  /** Empty to speak in the clear. */
  public Optional<SSLContext> trust() throws IOException {
    return ca.isPresent() ? Optional.of(Tls.trusting(ca.get())) : Optional.empty();
  }

  /**
   * One that may write, if there is one. Empty if there is none to show.
   *
   * @throws IOException if the file can't or mustn't be read; the message names it and says why
   */
  public Optional<String> token() throws IOException {
    return tokensFile.isPresent()
        ? Optional.of(AccessTokens.first(tokensFile.get(), Permission.WRITE))
        : Optional.empty();
  }
}
