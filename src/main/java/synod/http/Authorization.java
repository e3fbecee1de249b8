package synod.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.Set;
import synod.node.AccessTokens;
import synod.node.NodeConfig;
import synod.node.Permission;

/**
 * Lets a request pass if its bearer token (RFC 6750) has the permission that it needs; without
 * tokens in the configuration every request has it. Chaos must be switched on besides. What was
 * presented appears in no answer and no log.
 */
final class Authorization {
  private static final String SCHEME = "Bearer ";
  private static final String CHALLENGE = "Bearer realm=\"synod\"";

  private final NodeConfig.Security security;

  Authorization(NodeConfig.Security security) {
    this.security = security;
  }

  /** What a request for a key needs. */
  static Permission forKey(HttpMethod method) {
    boolean reads = method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD);
    return reads ? Permission.READ : Permission.WRITE;
  }

  /**
   * @throws Problem if the request may not do this
   */
  void require(Permission needed, HttpRequest request) {
    security.tokens().ifPresent(tokens -> require(needed, request, tokens));
    if (needed == Permission.CHAOS && !security.chaosOverHttp()) {
      throw chaosOff();
    }
  }

  static Problem chaosOff() {
    return new Problem(
        Problem.Type.CHAOS_OFF,
        "chaos over HTTP is off; synod.chaos.http = on in the node's configuration allows it");
  }

  private static void require(Permission needed, HttpRequest request, AccessTokens tokens) {
    String header = request.getHeader("Authorization").map(HttpHeader::value).orElse("");
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw unauthorized(
          "this node asks for a token, as in Authorization: Bearer TOKEN", CHALLENGE);
    }
    Set<Permission> allowed = tokens.of(header.substring(SCHEME.length()).strip());
    if (allowed.isEmpty()) {
      throw unauthorized("this node doesn't know the token", error("invalid_token"));
    }
    if (!allowed.contains(needed)) {
      throw new Problem(
              Problem.Type.FORBIDDEN,
              "this needs a token with the permission " + needed.label() + ", which this one lacks")
          .with(RawHeader.create("WWW-Authenticate", error("insufficient_scope")));
    }
  }

  private static Problem unauthorized(String detail, String challenge) {
    return new Problem(Problem.Type.UNAUTHORIZED, detail)
        .with(RawHeader.create("WWW-Authenticate", challenge));
  }

  private static String error(String code) {
    return CHALLENGE + ", error=\"" + code + "\"";
  }
}
