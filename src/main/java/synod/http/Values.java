package synod.http;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;

/** Numbers and durations that people type; what is wrong with one is said with its name. */
final class Values {
  /** Longer than anything here may last, and far from any overflow. */
  private static final Duration LONGEST = Duration.ofDays(1000);

  private Values() {}

  /**
   * @param what names the place for the message
   * @throws Problem if the text is no whole number between the two bounds
   */
  static long number(String what, String text, long smallest, long largest) {
    try {
      long number = Long.parseLong(text);
      if (number >= smallest && number <= largest) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw Problem.invalid(what + " must be a whole number, not " + text);
    }
    throw Problem.invalid(
        what
            + (largest == Long.MAX_VALUE
                ? " must be at least " + smallest
                : " must lie between " + smallest + " and " + largest)
            + ", not "
            + text);
  }

  /**
   * As in the configuration files ({@code 500ms}, {@code 2s}, {@code 5 minutes}) or ISO 8601
   * ({@code PT2S}); always with a unit, at most 1000 days.
   *
   * @throws Problem if the text is nothing of that
   */
  static Duration duration(String what, String text) {
    Duration duration;
    try {
      if (text.isEmpty() || Character.isDigit(text.charAt(text.length() - 1))) {
        throw new DateTimeException("unit missing");
      }
      duration =
          text.startsWith("P")
              ? Duration.parse(text)
              : ConfigFactory.parseMap(Map.of("duration", text)).getDuration("duration");
    } catch (DateTimeException | ConfigException e) {
      throw Problem.invalid(what + " must be a duration such as 500ms, 2s or 10m, not " + text);
    }
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw Problem.invalid(what + " must lie between 0 and 1000 days, not " + text);
    }
    return duration;
  }
}
