package synod.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ConnectionContext;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.ServerBuilder;
import akka.http.javadsl.settings.ServerSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import synod.node.NodeConfig;
import synod.node.NodeServices;

/**
 * A node's HTTP interface: the store, sessions, status, events, health, metrics and chaos. Speaks
 * to the node's actors only through {@link NodeServices}; whatever arrives on the port, the node
 * stays up.
 */
public final class HttpServer {
  /** How long open requests may take when the server stops. */
  private static final Duration DRAIN_WITHIN = Duration.ofMillis(1500);

  /** How long the body of a request may take to arrive. */
  private static final Duration BODY_WITHIN = Duration.ofSeconds(30);

  /** The part of the heap that the bodies of open requests may fill. */
  private static final int HEAP_SHARE = 8;

  private HttpServer() {}

  /**
   * Binds the node's host and HTTP port and serves until the actor system ends or the binding is
   * terminated. Any thread may call.
   *
   * @param metrics that have listened to the node's events from the first on; closed with the
   *     server
   * @return fails with a {@link BindException} that names host, port and node if they can't be had
   */
  public static CompletionStage<ServerBinding> start(NodeServices services, Metrics metrics) {
    ActorSystem<?> system = services.system();
    NodeConfig.Node self = services.config().self();
    try {
      tryPort(self);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(unbound(self, e));
    }
    Gateway gateway = new Gateway(services);
    metrics.show(services);
    Bodies bodies = new Bodies(system, Runtime.getRuntime().maxMemory() / HEAP_SHARE, BODY_WITHIN);
    RecentSlots recent = new RecentSlots(services.events());
    ChaosElsewhere elsewhere = new ChaosElsewhere(services.config());
    ClusterView view = new ClusterView(services, elsewhere::receive);
    Routes routes = new Routes(services, gateway, bodies, metrics, recent, elsewhere, view);
    Runnable close =
        () -> {
          gateway.close();
          metrics.close();
          recent.close();
          view.close();
        };
    ServerBuilder server =
        Http.get(system).newServerAt(self.host(), self.httpPort()).withSettings(settings(services));
    return services
        .config()
        .security()
        .tls()
        .map(tls -> server.enableHttps(ConnectionContext.httpsServer(tls::httpServerEngine)))
        .orElse(server)
        .bind(routes.handler())
        .handle(
            (binding, failure) -> {
              if (failure != null) {
                close.run();
                throw new CompletionException(unbound(self, failure));
              }
              binding.whenTerminated().thenRun(close);
              return binding.addToCoordinatedShutdown(DRAIN_WITHIN, system);
            });
  }

  /**
   * What the code of this package relies on, whatever the configuration says. An operator's other
   * settings under {@code akka.http} stand.
   */
  private static ServerSettings settings(NodeServices services) {
    Duration longestRequest = services.config().timing().requestTimeoutMax();
    Config fixed =
        ConfigFactory.parseMap(
            Map.ofEntries(
                Map.entry("akka.http.server.server-header", "synod"),
                // Keys are read from the target as it stood on the wire.
                Map.entry("akka.http.server.raw-request-uri-header", "on"),
                // Who is asked for a HEAD must know: a stream isn't made for that.
                Map.entry("akka.http.server.transparent-head-requests", "off"),
                // Every request has a deadline of its own.
                Map.entry("akka.http.server.request-timeout", "infinite"),
                Map.entry(
                    "akka.http.server.idle-timeout",
                    longestRequest.plusSeconds(30).toMillis() + "ms"),
                Map.entry("akka.http.server.bind-timeout", "5s"),
                Map.entry("akka.http.server.parsing.error-handler", ParsingErrors.class.getName()),
                Map.entry("akka.http.server.parsing.max-content-length", Bodies.DISCARDED_AT_MOST),
                // A prefix and an "after" of 4 KiB each, all of it percent-encoded.
                Map.entry("akka.http.server.parsing.max-uri-length", "32k"),
                Map.entry("akka.http.server.parsing.illegal-header-warnings", "off")));
    return ServerSettings.create(fixed.withFallback(services.system().settings().config()));
  }

  /** Akka would log a stack trace for what is mostly a second node on the same port. */
  private static void tryPort(NodeConfig.Node self) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(self.host(), self.httpPort()));
    }
  }

  private static BindException unbound(NodeConfig.Node self, Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    BindException unbound =
        new BindException(
            "node "
                + self.name()
                + " can't listen for HTTP on "
                + self.host()
                + ":"
                + self.httpPort()
                + " (its host and HTTP port in cluster.conf): "
                + cause.getMessage());
    unbound.initCause(failure);
    return unbound;
  }
}
