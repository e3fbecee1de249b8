package synod.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.LoggerFactory;

/**
 * What this process logs, to be seen and changed while it runs: {@code /v1/log-level}. Until the
 * process ends; it begins as {@code logback.xml} says.
 */
final class LogLevelHandler {
  static final Set<String> PARAMETERS = Set.of("logger", "level");

  private static final String ROOT = "root";
  private static final String INHERIT = "inherit";
  private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

  private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();

  /**
   * @param levels those that are set, by the beginning of loggers' names that they are for; the
   *     longest that fits a logger counts
   */
  record Levels(Map<String, String> levels) {}

  CompletionStage<HttpResponse> get(HttpRequest request) {
    return CompletableFuture.completedFuture(levels());
  }

  CompletionStage<HttpResponse> set(HttpRequest request, Target target) {
    Logger logger = logger(target.text("logger"));
    String level = target.text("level");
    boolean isRoot = logger.getName().equals(Logger.ROOT_LOGGER_NAME);
    if (INHERIT.equals(level) && !isRoot) {
      logger.setLevel(null);
    } else if (level != null && LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
      logger.setLevel(Level.toLevel(level));
    } else {
      throw Problem.invalid(
          "query parameter level must be one of "
              + String.join(", ", LEVELS)
              + (isRoot ? "" : " or " + INHERIT)
              + ", not "
              + level);
    }
    return CompletableFuture.completedFuture(levels());
  }

  private Logger logger(String name) {
    if (name == null || name.equals(ROOT)) {
      return loggers.getLogger(Logger.ROOT_LOGGER_NAME);
    }
    boolean isKnown =
        loggers.getLoggerList().stream()
            .map(Logger::getName)
            .anyMatch(known -> known.equals(name) || known.startsWith(name + "."));
    if (!isKnown) {
      throw Problem.invalid("no logger's name begins with " + name);
    }
    return loggers.getLogger(name);
  }

  private HttpResponse levels() {
    Map<String, String> levels = new TreeMap<>();
    for (Logger logger : loggers.getLoggerList()) {
      if (logger.getLevel() != null) {
        boolean isRoot = logger.getName().equals(Logger.ROOT_LOGGER_NAME);
        levels.put(
            isRoot ? ROOT : logger.getName(),
            logger.getLevel().toString().toLowerCase(Locale.ROOT));
      }
    }
    return Json.response(200, new Levels(levels));
  }
}
