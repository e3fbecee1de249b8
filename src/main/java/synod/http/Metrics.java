package synod.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import synod.node.NodeEvent;
import synod.node.NodeServices;
import synod.node.NodeStatus;
import synod.paxos.ProtocolEvent;
import synod.paxos.Role;

/**
 * What a node tells Prometheus: gauges of its status, counters of its events, times of its HTTP
 * requests, and the JVM. Any thread may call.
 */
final class Metrics implements AutoCloseable {
  /** Of Prometheus's text format. */
  static final ContentType CONTENT_TYPE =
      ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");

  private static final Duration[] BUCKETS = {
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
  private final Map<Role, Counter> stops = counters("synod.role.stops", "Stopped by chaos");
  private final Map<Role, Counter> failures =
      counters("synod.role.failures", "Failed without being asked to");
  private final Map<Role, Counter> resumes = counters("synod.role.resumes", "Came back");
  private final Counter elections =
      Counter.builder("synod.elections").description("Won by this node").register(registry);
  private final Counter rejected =
      Counter.builder("synod.ballots.rejected")
          .description("Lower ballots refused by the local acceptor")
          .register(registry);
  private final Counter accepted =
      Counter.builder("synod.entries.accepted")
          .description("Entries made durable by the local acceptor")
          .register(registry);
  private final Timer chosen =
      Timer.builder("synod.slots.chosen")
          .description("Slots chosen while this node led: first accept sent to quorum reached")
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
  private final Timer flushes =
      Timer.builder("synod.log.flushes")
          .description("Writes of the acceptor's log, each with its sync to disk")
          .register(registry);
  private final Runnable stopListening;

  Metrics(NodeServices services) {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    gauges(services);
    stopListening = services.events().listen(this::count);
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

  /** Everything in Prometheus's text format, version 0.0.4. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    stopListening.run();
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

  private Map<Role, Counter> counters(String name, String description) {
    Map<Role, Counter> counters = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      counters.put(
          role,
          Counter.builder(name)
              .description(description)
              .tag("role", role.label())
              .register(registry));
    }
    return counters;
  }

  private void count(NodeEvent event) {
    if (event instanceof NodeEvent.Protocol step) {
      count(step.event());
    } else if (event instanceof NodeEvent.LogFlushed flush) {
      flushes.record(flush.nanos(), TimeUnit.NANOSECONDS);
    } else if (event instanceof NodeEvent.RoleStopped stopped) {
      stops.get(stopped.role()).increment();
    } else if (event instanceof NodeEvent.RoleFailed failed) {
      failures.get(failed.role()).increment();
    } else if (event instanceof NodeEvent.RoleFailedForGood failed) {
      failures.get(failed.role()).increment();
    } else if (event instanceof NodeEvent.RoleResumed resumed) {
      resumes.get(resumed.role()).increment();
    }
  }

  private void count(ProtocolEvent event) {
    if (event instanceof ProtocolEvent.SlotChosen slot) {
      chosen.record(slot.micros(), TimeUnit.MICROSECONDS);
    } else if (event instanceof ProtocolEvent.EntryAccepted) {
      accepted.increment();
    } else if (event instanceof ProtocolEvent.BallotRejected) {
      rejected.increment();
    } else if (event instanceof ProtocolEvent.LeaderElected) {
      elections.increment();
    }
  }

  private void gauges(NodeServices services) {
    gauge(
        services, "synod.slot.accepted", "Highest slot accepted here", view -> view.acceptedSlot());
    gauge(
        services,
        "synod.slot.chosen",
        "Highest slot known to be chosen",
        view -> view.chosenSlot());
    gauge(services, "synod.slot.applied", "Last slot applied here", view -> view.appliedSlot());
    gauge(services, "synod.revision", "The store's revision here", view -> view.revision());
    gauge(services, "synod.leading", "1 if this node leads", view -> view.leading() ? 1 : 0);
    gauge(
        services,
        "synod.leader.round",
        "Round of the leader's ballot",
        view -> view.leader().round());
    gauge(
        services,
        "synod.ready",
        "1 if linearizable requests can be served",
        view -> view.ready() ? 1 : 0);
    gauge(
        services,
        "synod.live",
        "1 unless a role has stopped for good",
        view -> view.live() ? 1 : 0);
    gauge(
        services,
        "synod.space.low",
        "1 while the disk is nearly full",
        view -> view.lowSpace() ? 1 : 0);
    gauge(
        services,
        "synod.unreachable",
        "Members that can't be reached",
        view -> view.unreachable().size());
    for (Role role : services.config().self().roles()) {
      Gauge.builder("synod.role.up", services.status(), status -> status.view().isUp(role) ? 1 : 0)
          .description("1 if the role is up")
          .tag("role", role.label())
          .register(registry);
    }
  }

  private void gauge(
      NodeServices services,
      String name,
      String description,
      ToDoubleFunction<NodeStatus.View> value) {
    Gauge.builder(name, services.status(), status -> value.applyAsDouble(status.view()))
        .description(description)
        .register(registry);
  }
}
