package synod.http;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is no HTTP, or none that the server takes, before any route sees it. Logged at debug
 * level only: whoever can reach the port could fill the log otherwise. Made by Akka HTTP, by name.
 */
public final class ParsingErrors extends ParsingErrorHandler {
  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    log.debug("refused what is no valid request: {}", error.summary());
    return status.intValue() == 400
        ? Problem.invalid(explain(error.summary())).toResponse()
        : Problem.plain(status.intValue(), status.reason(), error.summary());
  }

  private static String explain(String summary) {
    return summary.replaceFirst(
        "^Illegal request-target: ",
        "the address must have everything percent-encoded that a URL does not allow: ");
  }
}
