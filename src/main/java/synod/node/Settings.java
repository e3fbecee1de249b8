package synod.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads settings one by one and keeps a list of all that is wrong instead of stopping at the first.
 * A setting that can't be read gives a value of the right type that nobody may rely on; rules
 * between settings ask {@link #valid} first. Whatever was never asked for is unknown.
 */
final class Settings {
  private final Config config;

  /** What every path starts with in messages; empty or ends with a dot. */
  private final String prefix;

  private final List<String> problems;
  private final Set<String> asked = new HashSet<>();
  private final Set<String> bad = new HashSet<>();

  Settings(Config config) {
    this(config, "", new ArrayList<>());
  }

  private Settings(Config config, String prefix, List<String> problems) {
    this.config = config;
    this.prefix = prefix;
    this.problems = problems;
  }

  /** Everything that was found wrong, in the order of reading. */
  List<String> problems() {
    return problems;
  }

  /** Reports something wrong with a setting, which is then no longer {@link #valid}. */
  void problem(String path, String what) {
    bad.add(path);
    problems.add(prefix + path + ": " + what + where(path));
  }

  /** Whether all of these could be read and nothing was wrong with them. */
  boolean valid(String... paths) {
    return Set.of(paths).stream().noneMatch(bad::contains);
  }

  /** Letters, digits and a few signs, at least one; {@code what} completes "must be ...". */
  String text(String path, Pattern form, String what) {
    String text = read(path, Config::getString, "", what);
    if (valid(path) && !form.matcher(text).matches()) {
      problem(path, "\"" + text + "\" must be " + what);
    }
    return text;
  }

  long number(String path, long min, long max) {
    long number = read(path, Config::getLong, min, "a whole number");
    if (valid(path) && (number < min || number > max)) {
      problem(path, number + " must lie between " + min + " and " + max);
    }
    return number;
  }

  /** {@code on} or {@code off}. */
  boolean flag(String path) {
    return read(path, Config::getBoolean, false, "on or off");
  }

  int integer(String path, int min, int max) {
    return (int) number(path, min, max);
  }

  /** A size in bytes. */
  long bytes(String path, long min, long max) {
    long bytes =
        read(path, (from, at) -> from.getMemorySize(at).toBytes(), min, "a size, as in 128 KiB");
    if (valid(path) && (bytes < min || bytes > max)) {
      problem(path, shown(path) + " must lie between " + min + " and " + max + " bytes");
    }
    return bytes;
  }

  /** A size in bytes, or 0 for {@code off}. */
  long bytesOrOff(String path, long min, long max) {
    String text = read(path, Config::getString, "off", "a size, as in 2 GiB, or off");
    return text.equals("off") ? 0 : bytes(path, min, max);
  }

  /** More than nothing, and at most an hour. */
  Duration duration(String path) {
    Duration duration = read(path, Config::getDuration, Duration.ZERO, "a time, as in 60 ms");
    if (valid(path)
        && (duration.compareTo(Duration.ofMillis(1)) < 0
            || duration.compareTo(Duration.ofHours(1)) > 0)) {
      problem(path, shown(path) + " must lie between 1 ms and 1 hour");
    }
    return duration;
  }

  /** A list of words without repetition; in one string they are separated by commas. */
  List<String> words(String path) {
    List<String> words = read(path, Settings::wordsAt, List.of(), "a list, as in [n1, n2]");
    Set<String> seen = new HashSet<>();
    for (String word : words) {
      if (!seen.add(word)) {
        problem(path, "names " + word + " twice");
      }
    }
    return words;
  }

  private static List<String> wordsAt(Config config, String path) {
    if (config.getValue(path).valueType() != ConfigValueType.STRING) {
      return config.getStringList(path);
    }
    String text = config.getString(path).strip();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s*,\\s*"));
  }

  /** The elements of a list of objects; problems in them are reported here. */
  List<Settings> objects(String path) {
    List<Settings> objects = new ArrayList<>();
    List<? extends Config> found =
        read(path, Config::getConfigList, List.<Config>of(), "a list of { ... }");
    for (int i = 0; i < found.size(); i++) {
      objects.add(new Settings(found.get(i), prefix + path + "[" + i + "].", problems));
    }
    return objects;
  }

  /** Accepts a setting that somebody else reads; if the path ends with a dot, all below it. */
  void leaveAlone(String path) {
    asked.add(path);
  }

  /** Reports every setting that begins with this and was not asked for. */
  void refuseUnknown(String start) {
    config.entrySet().stream()
        .map(Map.Entry::getKey)
        .filter(path -> path.startsWith(start) && !isKnown(path))
        .sorted()
        .forEach(path -> problem(path, "unknown setting" + suggestion(path)));
  }

  private boolean isKnown(String path) {
    return asked.contains(path)
        || asked.stream().anyMatch(known -> known.endsWith(".") && path.startsWith(known));
  }

  private String suggestion(String path) {
    return asked.stream()
        .min(Comparator.comparingInt(known -> distance(known, path)))
        .filter(known -> distance(known, path) <= 3)
        .map(known -> "; did you mean " + prefix + known + "?")
        .orElse("");
  }

  /** How many letters must be changed, added or dropped to make one word of the other. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(same, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /** How a value of some type is taken out of the configuration. */
  private interface Getter<T> {
    T get(Config config, String path);
  }

  private <T> T read(String path, Getter<T> getter, T otherwise, String what) {
    asked.add(path);
    try {
      return getter.get(config, path);
    } catch (ConfigException.Missing e) {
      problem(path, "is missing: must be " + what);
    } catch (ConfigException e) {
      problem(path, shown(path) + " is not " + what);
    }
    return otherwise;
  }

  private String shown(String path) {
    return value(path).map(value -> value.render()).orElse("this");
  }

  private Optional<ConfigValue> value(String path) {
    try {
      return Optional.of(config.getValue(path));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  /** Where the value was written, in parentheses after a space; nothing if it wasn't. */
  private String where(String path) {
    return value(path).map(value -> " (" + place(value.origin()) + ")").orElse("");
  }

  static String place(ConfigOrigin origin) {
    String file = origin.filename() == null ? origin.resource() : origin.filename();
    if (file == null) {
      return origin.description();
    }
    return origin.lineNumber() < 0 ? file : file + ": " + origin.lineNumber();
  }

  /** The message of an error in a file, which names the file and the line, on one line. */
  static String oneLine(ConfigException e) {
    return e.getMessage().replaceAll("\\s+", " ").strip();
  }

  /** All of them, or "none". */
  static String list(Collection<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}
