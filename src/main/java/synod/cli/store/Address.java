package synod.cli.store;

import java.net.URI;

/**
 * Where a node's HTTP interface is.
 *
 * @param tls whether it is HTTPS
 * @param servesClients false if the node is known to have no gateway
 */
record Address(String name, String host, int port, boolean tls, boolean servesClients) {
  /**
   * @param target path and query, percent-encoded
   */
  URI uri(String target) {
    String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return URI.create((tls ? "https://" : "http://") + bracketed + ":" + port + target);
  }

  String url() {
    return uri("").toString();
  }
}
