package synod.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import synod.node.NodeEvent;
import synod.node.NodeServices;

/**
 * What a node tells Prometheus: gauges of its status, counters of its events, times of its HTTP
 * requests, and the JVM. Made before the node is, so that nothing happens in it uncounted. Any
 * thread may call.
 */
public final class Metrics implements AutoCloseable {
  /** Of Prometheus's text format. */
  static final ContentType CONTENT_TYPE =
      ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");

  /** From a fast disk's sync to what nobody waits for any more. */
  static final Duration[] BUCKETS = {
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Map<RequestKind, Timer> requests = new ConcurrentHashMap<>();
  private final EventMetrics events = new EventMetrics(registry);
  private volatile StatusMetrics status;

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /** Notes what happened in the node; a listener of all its events, and not of another's. */
  public void count(NodeEvent event) {
    events.count(event);
  }

  /** Shows this node's status from now on; to be called once, before {@link #scrape}. */
  void show(NodeServices services) {
    status = new StatusMetrics(registry, services.status(), services.config());
  }

  /**
   * Notes an answered request.
   *
   * @param path of the request, still encoded
   * @param nanos from the request's arrival to its response
   */
  void answered(String method, String path, int status, long nanos) {
    requests
        .computeIfAbsent(new RequestKind(resource(path), method, status), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Everything in Prometheus's text format, version 0.0.4.
   *
   * @param ready whether the node serves linearizable requests now
   */
  String scrape(boolean ready) {
    status.refresh(ready);
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  private record RequestKind(String resource, String method, int status) {}

  /** A handful of names, however many paths are asked for. */
  private static String resource(String path) {
    if (path.startsWith(KeyHandler.PREFIX)) {
      return "key";
    }
    if (path.equals("/v1/kv")) {
      return "list";
    }
    return path.startsWith("/v1/sessions") ? "session" : "other";
  }

  private Timer timer(RequestKind kind) {
    return Timer.builder("synod.http.requests")
        .description("HTTP requests, from their arrival to their response")
        .tags("resource", kind.resource, "method", kind.method)
        .tags("status", Integer.toString(kind.status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
