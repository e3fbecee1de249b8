package synod.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import synod.kv.KvLimits;

/**
 * The options that say what is asked of the targets. Each method throws an {@link
 * IllegalArgumentException} that names the option which is wrong.
 */
final class LoadOptions {
  private static final String MIX = "mix";
  private static final String ZIPF = "zipf";
  private static final int MOST_OUTSTANDING = 100_000;

  @Option(
      names = "--operations",
      split = ",",
      paramLabel = "OPERATION",
      defaultValue = "put,get",
      description = "put, get, delete, mix (${DEFAULT-VALUE}).")
  private List<String> operations;

  @Option(
      names = "--mix",
      paramLabel = "KIND:WEIGHT,...",
      defaultValue = "get:90,put:10",
      description = "What the operation mix is made of (${DEFAULT-VALUE}).")
  private String mix;

  @Option(
      names = "--outstanding",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,16,64,256",
      description = "Operations under way at a time, each a load of its own (${DEFAULT-VALUE}).")
  private List<Integer> outstanding;

  @Option(
      names = "--rate",
      split = ",",
      paramLabel = "RATE",
      description =
          "Begin so many operations a second instead, whether the earlier ones have ended or not; their latency counts from when they were due.")
  private List<Integer> rates = List.of();

  @Option(
      names = "--outstanding-max",
      paramLabel = "N",
      defaultValue = "2048",
      description = "With --rate: at most so many under way; others wait (${DEFAULT-VALUE}).")
  private int outstandingMax;

  @Option(
      names = "--keys",
      split = ",",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many; several to see how cost grows with them (${DEFAULT-VALUE}).")
  private List<Integer> keys;

  @Option(
      names = "--key-bytes",
      paramLabel = "N",
      defaultValue = "16",
      description = "Of each (${DEFAULT-VALUE}).")
  private int keyBytes;

  @Option(
      names = "--value-bytes",
      split = ",",
      paramLabel = "N",
      defaultValue = "100",
      description = "Of each; several to see how cost grows with them (${DEFAULT-VALUE}).")
  private List<Integer> valueBytes;

  @Option(
      names = "--distribution",
      paramLabel = "WHICH",
      defaultValue = "uniform",
      description = "How keys are chosen: uniform or zipf (${DEFAULT-VALUE}).")
  private String distribution;

  @Option(
      names = "--zipf-exponent",
      paramLabel = "S",
      defaultValue = "0.99",
      description = "How uneven zipf is (${DEFAULT-VALUE}).")
  private double exponent;

  @Option(
      names = "--consistency",
      paramLabel = "WHICH",
      defaultValue = "linearizable",
      description = "Of gets: linearizable or stale (${DEFAULT-VALUE}).")
  private String consistency;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Of each measurement, after a moment to get going (${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "Of each target before the first round (${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of values, and of the order of keys (a random one).")
  private Long seed;

  List<Integer> keys() {
    for (int count : keys) {
      require(count >= 1, "--keys: at least 1, not " + count);
    }
    return keys;
  }

  List<Integer> valueBytes() {
    for (int bytes : valueBytes) {
      require(
          bytes >= 0 && bytes <= KvLimits.MAX_VALUE_BYTES,
          "--value-bytes: from 0 to " + KvLimits.MAX_VALUE_BYTES + ", not " + bytes);
    }
    return valueBytes;
  }

  List<Load> loads() {
    List<Load> loads = new ArrayList<>();
    for (String operation : operations) {
      Mix of = mixOf(operation);
      if (rates.isEmpty()) {
        for (int clients : outstanding) {
          require(
              clients >= 1 && clients <= MOST_OUTSTANDING,
              "--outstanding: from 1 to " + MOST_OUTSTANDING + ", not " + clients);
          loads.add(Load.closed(operation, of, clients));
        }
      } else {
        require(
            outstandingMax >= 1 && outstandingMax <= MOST_OUTSTANDING,
            "--outstanding-max: from 1 to " + MOST_OUTSTANDING + ", not " + outstandingMax);
        for (int rate : rates) {
          require(rate >= 1, "--rate: at least 1, not " + rate);
          loads.add(Load.open(operation, of, outstandingMax, rate));
        }
      }
    }
    require(loads.stream().distinct().count() == loads.size(), "a load is there twice");
    return loads;
  }

  private Mix mixOf(String operation) {
    try {
      return operation.equals(MIX) ? Mix.parse(mix) : Mix.of(Mix.kind(operation));
    } catch (IllegalArgumentException e) {
      String option = operation.equals(MIX) ? "--mix: " : "--operations: ";
      throw new IllegalArgumentException(
          option + e.getMessage() + (operation.equals(MIX) ? "" : ", and mix"), e);
    }
  }

  /** The most that will ever be under way. */
  int mostOutstanding() {
    return loads().stream().mapToInt(Load::outstanding).max().orElseThrow();
  }

  Workload workload(Size size) {
    require(
        keyBytes >= 1 && keyBytes <= KvLimits.MAX_KEY_BYTES,
        "--key-bytes: from 1 to " + KvLimits.MAX_KEY_BYTES + ", not " + keyBytes);
    if (seed == null) {
      seed = new Random().nextLong() >>> 1;
    }
    return new Workload(all(size.keys()), size.valueBytes(), choice(size.keys()), seed);
  }

  private Keys all(int count) {
    try {
      return new Keys(count, keyBytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--keys: " + e.getMessage(), e);
    }
  }

  private Distribution choice(int count) {
    require(exponent > 0 && exponent <= 10, "--zipf-exponent: above 0 and up to 10");
    return switch (distribution) {
      case "uniform" -> Distribution.uniform(count);
      case ZIPF -> new Zipf(count, exponent);
      default ->
          throw new IllegalArgumentException(
              "--distribution: uniform or zipf, not \"" + distribution + "\"");
    };
  }

  boolean stale() {
    require(
        consistency.equals("linearizable") || consistency.equals("stale"),
        "--consistency: linearizable or stale, not \"" + consistency + "\"");
    return consistency.equals("stale");
  }

  BenchRun.Plan plan() {
    require(rounds >= 1, "--rounds: at least 1, not " + rounds);
    require(seconds >= 0.1 && seconds <= 86_400, "--seconds: from 0.1 to 86400, not " + seconds);
    require(warmUp >= 0 && warmUp <= 86_400, "--warm-up: from 0 to 86400, not " + warmUp);
    return new BenchRun.Plan(rounds, duration(seconds), duration(warmUp));
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** All of it, for a person. */
  String words() {
    return String.format(
        Locale.ROOT,
        "%s keys of %d bytes, %s; values of %s bytes; %s gets; %d rounds of %s s after %s s of warm-up%s",
        listed(keys),
        keyBytes,
        distribution.equals(ZIPF) ? "zipf " + exponent : distribution,
        listed(valueBytes),
        consistency,
        rounds,
        number(seconds),
        number(warmUp),
        operations.contains(MIX) ? "; mix " + mix : "");
  }

  private static String listed(List<Integer> numbers) {
    return numbers.stream()
        .map(number -> String.format(Locale.ROOT, "%,d", number))
        .collect(Collectors.joining(" / "));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** All of it, for programs. */
  Map<String, Object> toMap() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("operations", operations);
    json.put("mix", mix);
    json.put("outstanding", outstanding);
    json.put("rates", rates);
    json.put("keys", keys);
    json.put("keyBytes", keyBytes);
    json.put("valueBytes", valueBytes);
    json.put("distribution", distribution);
    json.put("zipfExponent", exponent);
    json.put("consistency", consistency);
    json.put("rounds", rounds);
    json.put("seconds", seconds);
    json.put("warmUpSeconds", warmUp);
    json.put("seed", seed);
    return json;
  }
}
