package synod.http;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.headers.ETag;
import akka.http.javadsl.model.headers.EntityTag;
import java.util.Arrays;
import java.util.Optional;
import synod.kv.Command.Condition;

/**
 * Revisions as entity tags, and the conditional headers of RFC 9110 §13 in the forms that a
 * revision gives sense to: {@code If-Match: "17"}, {@code If-Match: *} and {@code If-None-Match: *}
 * for writes.
 */
final class Conditions {
  private Conditions() {}

  static ETag tag(long revision) {
    return ETag.create(EntityTag.create(Long.toString(revision), false));
  }

  /**
   * @throws Problem if the headers ask for anything but the forms above
   */
  static Condition ofWrite(HttpRequest request) {
    Optional<String> match = header(request, "If-Match");
    Optional<String> noneMatch = header(request, "If-None-Match");
    if (match.isPresent() && noneMatch.isPresent()) {
      throw Problem.invalid("give one of If-Match and If-None-Match, not both");
    }
    if (noneMatch.isPresent()) {
      if (!noneMatch.get().equals("*")) {
        throw Problem.invalid("If-None-Match of a write must be *, not " + noneMatch.get());
      }
      return Condition.ABSENT;
    }
    if (match.isEmpty()) {
      return Condition.NONE;
    }
    return match.get().equals("*")
        ? Condition.PRESENT
        : new Condition.ModRevision(revision(match.get()));
  }

  /** Whether the client says that it holds this revision of the value. */
  static boolean holds(HttpRequest request, long modRevision) {
    return header(request, "If-None-Match").filter(tags -> matches(tags, modRevision)).isPresent();
  }

  private static boolean matches(String tags, long revision) {
    String mine = "\"" + revision + "\"";
    return tags.equals("*")
        || Arrays.stream(tags.split(","))
            .map(String::trim)
            .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(mine::equals);
  }

  private static long revision(String tag) {
    if (tag.length() < 3 || !tag.startsWith("\"") || !tag.endsWith("\"")) {
      throw Problem.invalid(
          "If-Match must be * or one revision in quotation marks, such as \"17\", not " + tag);
    }
    return Values.number(
        "the revision in If-Match", tag.substring(1, tag.length() - 1), 1, Long.MAX_VALUE);
  }

  private static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(header -> header.value().trim());
  }
}
