package synod.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.openqa.selenium.WindowType;
import picocli.CommandLine;
import synod.cli.LocalCluster;
import synod.cli.LocalNode;
import synod.cli.NodeLauncher;
import synod.cli.Ports;
import synod.cli.bench.BenchCommand;

/**
 * Measures on a new cluster of three processes what the live page costs the store, and how light
 * the page is itself. Usage: see scripts/page-cost.
 */
public final class PageCost {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int VIEWERS = 5;
  private static final int PAINTS = 11;
  private static final int WINDOW_SECONDS = 4;
  private static final int WARM_UP_SECONDS = 25;
  private static final int RATE = 200;

  /** Until pages have drawn all that is kept, and the JVM has seen its use. */
  private static final int SETTLE_SECONDS = 3;

  /** So long do nodes go on gathering what nobody reads any more, and a second. */
  private static final int LINGER_SECONDS = 16;

  private final Path work;
  private final LocalCluster cluster;
  private final int rounds;

  private PageCost(Path work, LocalCluster cluster, int rounds) {
    this.work = work;
    this.cluster = cluster;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[0]);
    LocalCluster cluster =
        LocalCluster.create(work.resolve("cluster"), Ports.free(3), "", NodeLauncher.REAL);
    try {
      cluster.start(PATIENCE, System.err::println);
      PageCost cost = new PageCost(work, cluster, Integer.parseInt(arguments[2]));
      switch (arguments[1]) {
        case "streams" -> cost.throughput("readers of /v1/events", cost.readers());
        case "pages" -> cost.throughput("pages", cost.pages());
        case "spare" -> cost.throughput("pages in spare time", cost.pages("chrt", "--idle", "0"));
        case "processor" -> cost.processor(cost.readers());
        case "paint" -> cost.paint();
        case "memory" -> cost.memory(Duration.ofMinutes(10));
        default -> throw new IllegalArgumentException(arguments[1]);
      }
    } finally {
      cluster.nodes().forEach(LocalNode::kill);
    }
  }

  /** Some who look at the cluster when they are told to; until then and afterwards they rest. */
  private interface Viewers {
    void look() throws IOException;

    void rest() throws InterruptedException;

    void end() throws InterruptedException;
  }

  /**
   * What puts came to: how many a second, and the processor time of the nodes and of the browser a
   * second meanwhile.
   */
  private record Window(double perSecond, double cpuMillis, double browserMillis) {
    double cpuMillisPerPut() {
      return cpuMillis / perSecond;
    }
  }

  /** As many puts as the nodes can take, without and with viewers. */
  private void throughput(String what, Viewers viewers) throws Exception {
    Pairs pairs = pairs(viewers, "--outstanding", "64");
    say("%d %s: throughput %s", VIEWERS, what, pairs.spread(Window::perSecond));
    say(
        "%d %s: processor time of the nodes for a put %s",
        VIEWERS, what, pairs.spread(Window::cpuMillisPerPut));
    say(
        "%d %s: processor time of the browser, ms a second: %.1f without them, %.1f with them",
        VIEWERS,
        what,
        median(pairs.without, Window::browserMillis),
        median(pairs.with, Window::browserMillis));
  }

  /** Puts that leave the nodes time, so that what the viewers take shows by itself. */
  private void processor(Viewers viewers) throws Exception {
    Pairs pairs = pairs(viewers, "--rate", Integer.toString(RATE));
    say(
        "%d readers of /v1/events take %.1f ms of the nodes' processor time a second (difference of the medians)",
        VIEWERS, median(pairs.with, Window::cpuMillis) - median(pairs.without, Window::cpuMillis));
  }

  /** The windows of all rounds. */
  private record Pairs(List<Window> without, List<Window> with) {
    /** Of the rounds' ratios of a figure. */
    String spread(ToDoubleFunction<Window> figure) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < with.size(); i++) {
        ratios.add(figure.applyAsDouble(with.get(i)) / figure.applyAsDouble(without.get(i)));
      }
      return PageCost.spread(ratios);
    }
  }

  /**
   * Rounds of one window without and one with viewers. What slows the machine down for long slows
   * both; which is first changes, as both grow faster while their code is compiled.
   */
  private Pairs pairs(Viewers viewers, String... load) throws Exception {
    puts(WARM_UP_SECONDS, "--outstanding", "64");
    say(
        "round   without: puts/s   nodes' CPU ms/s   browser's   with: puts/s   nodes' CPU ms/s   browser's");
    Pairs pairs = new Pairs(new ArrayList<>(), new ArrayList<>());
    try {
      for (int round = 1; round <= rounds; round++) {
        boolean isWatchedFirst = round % 2 == 0;
        if (!isWatchedFirst) {
          pairs.without.add(window(load));
          viewers.look();
          TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        }
        pairs.with.add(window(load));
        if (isWatchedFirst) {
          viewers.rest();
          TimeUnit.SECONDS.sleep(LINGER_SECONDS);
          pairs.without.add(window(load));
        }
        Window without = pairs.without.get(round - 1);
        Window with = pairs.with.get(round - 1);
        say(
            "%5d  %,16.0f  %16.1f  %10.1f  %,13.0f  %16.1f  %10.1f",
            round,
            without.perSecond,
            without.cpuMillis,
            without.browserMillis,
            with.perSecond,
            with.cpuMillis,
            with.browserMillis);
      }
    } finally {
      viewers.end();
    }
    return pairs;
  }

  private Window window(String... load) throws IOException {
    // A leader that the machine held up for too long may have been replaced just now.
    cluster.awaitServing(cluster.nodes(), PATIENCE, System.err::println);
    long began = System.nanoTime();
    long before = nodesNanos();
    long browserBefore = browserNanos();
    double perSecond = puts(WINDOW_SECONDS, load);
    // The load begins a moment before it is counted, and what is around it takes as long each time.
    double millis = (System.nanoTime() - began) / 1000.0;
    return new Window(
        perSecond, (nodesNanos() - before) / millis, (browserNanos() - browserBefore) / millis);
  }

  private long nodesNanos() {
    return nanos(
        cluster.nodes().stream()
            .map(node -> ProcessHandle.of(node.pid().orElseThrow()).orElseThrow()));
  }

  /** Of all of its processes: what is left of one that has ended is counted by the one above it. */
  private static long browserNanos() {
    return nanos(
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().command().orElse("").endsWith("/chromium")));
  }

  private static long nanos(Stream<ProcessHandle> processes) {
    return processes
        .mapToLong(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
        .sum();
  }

  /**
   * One round of puts by {@code synod bench}.
   *
   * @return how many there were a second
   */
  private double puts(int seconds, String... load) {
    Path json = work.resolve("bench.json");
    List<String> words = new ArrayList<>(List.of(load));
    words.addAll(List.of("--seconds", Integer.toString(seconds), "--warm-up", "0"));
    words.addAll(List.of("--cluster", cluster.directory().resolve("cluster.conf").toString()));
    words.addAll(List.of("--operations", "put", "--keys", "1000", "--rounds", "1"));
    words.addAll(List.of("--dir", work.toString(), "--json", json.toString()));
    StringWriter said = new StringWriter();
    int exit =
        new CommandLine(new BenchCommand())
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(words.toArray(String[]::new));
    if (exit != 0) {
      throw new IllegalStateException("the load failed: " + said);
    }
    try {
      JsonNode result = new ObjectMapper().readTree(json.toFile());
      return result.path("medians").path(0).path("perSecond").asDouble();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Take what a page takes and draw nothing: what they cost, they cost the nodes. */
  private Viewers readers() {
    List<Process> readers = new ArrayList<>();
    return new Viewers() {
      @Override
      public void look() throws IOException {
        for (int i = 0; i < VIEWERS; i++) {
          readers.add(
              new ProcessBuilder("curl", "-sN", "-o", "/dev/null", url(i) + "/v1/events").start());
        }
      }

      @Override
      public void rest() throws InterruptedException {
        for (Process reader : readers) {
          reader.destroy();
          reader.waitFor();
        }
        readers.clear();
      }

      @Override
      public void end() throws InterruptedException {
        rest();
      }
    };
  }

  /**
   * Windows of their own, since a tab behind another one doesn't draw. While they rest they are
   * empty.
   *
   * @param wrapper what the browser is run with
   */
  private Viewers pages(String... wrapper) {
    Browser browser = new Browser(work.resolve("profile"), 1280, 900, List.of(wrapper));
    for (int i = 1; i < VIEWERS; i++) {
      browser.driver().switchTo().newWindow(WindowType.WINDOW);
    }
    List<String> windows = List.copyOf(browser.driver().getWindowHandles());
    return new Viewers() {
      @Override
      public void look() {
        for (int i = 0; i < VIEWERS; i++) {
          browser.driver().switchTo().window(windows.get(i));
          browser.size(1280, 900);
          browser.driver().get(url(i) + "/");
          browser.await("connection", "live", PATIENCE);
          browser.await("!document.hidden", PATIENCE);
        }
      }

      @Override
      public void rest() {
        for (String window : windows) {
          browser.driver().switchTo().window(window);
          browser.driver().get("about:blank");
        }
      }

      @Override
      public void end() {
        browser.close();
      }
    };
  }

  private void paint() throws IOException {
    List<Double> paints = new ArrayList<>();
    List<Double> live = new ArrayList<>();
    for (int i = 0; i < PAINTS; i++) {
      try (Browser browser = new Browser(Files.createTempDirectory(work, "profile"), 1280, 900)) {
        browser.driver().get(url(i) + "/");
        browser.await("summary", "leads", PATIENCE);
        live.add(number(browser, "performance.now()"));
        browser.await("performance.getEntriesByName('first-contentful-paint').length", PATIENCE);
        paints.add(
            number(browser, "performance.getEntriesByName('first-contentful-paint')[0].startTime"));
      }
    }
    say("first paint with an empty cache, ms: %s", spread(paints));
    say("until it says who leads, ms: %s", spread(live));
  }

  private void memory(Duration time) throws IOException {
    try (Browser browser = new Browser(work.resolve("profile"), 1280, 900)) {
      browser.driver().get("about:blank");
      say("an empty page: %s", memory(browser));
      browser.driver().get(url(0) + "/");
      browser.await("summary", "leads", PATIENCE);
      say("at the start: %s", memory(browser));
      long end = System.nanoTime() + time.toNanos();
      for (int minute = 1; System.nanoTime() < end; minute++) {
        puts(58, "--rate", "500");
        say("after %d min with 500 puts/s: %s", minute, memory(browser));
      }
    }
  }

  /** What scripts hold, after a collection, and all that the page's process has for itself. */
  private static String memory(Browser browser) throws IOException {
    browser.driver().executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
    Map<String, Object> heap = browser.driver().executeCdpCommand("Runtime.getHeapUsage", Map.of());
    long resident = 0;
    for (ProcessHandle process : ProcessHandle.current().descendants().toList()) {
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      if (Files.readString(proc.resolve("cmdline")).contains("--type=renderer")) {
        long own =
            Files.readAllLines(proc.resolve("smaps_rollup")).stream()
                .filter(line -> line.startsWith("Private_"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        resident = Math.max(resident, own);
      }
    }
    return String.format(
        Locale.ROOT,
        "%.1f MB of scripts' objects, %.1f MB in its process",
        ((Number) heap.get("usedSize")).doubleValue() / 1e6,
        resident * 1024 / 1e6);
  }

  private String url(int viewer) {
    return cluster.nodes().get(viewer % cluster.nodes().size()).url();
  }

  private static double number(Browser browser, String expression) {
    return ((Number) browser.driver().executeScript("return " + expression)).doubleValue();
  }

  private static String spread(List<Double> values) {
    DoubleSummaryStatistics all =
        values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return String.format(
        Locale.ROOT,
        "%.3f (median of %d, %.3f to %.3f)",
        median(values, Double::doubleValue),
        values.size(),
        all.getMin(),
        all.getMax());
  }

  private static <T> double median(List<T> of, ToDoubleFunction<T> figure) {
    double[] sorted = of.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
