package synod.http;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a request was not answered as asked, in the form of RFC 9457: what becomes of it is told by
 * {@code type} and {@code status}, never by the text of {@code detail}. Thrown by whatever finds
 * the fault; carries no stack trace, because it is the client's fault or the cluster's state and no
 * error of this program.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What can be wrong. Part of the interface: names stay as they are. */
  enum Type {
    INVALID_REQUEST(400, "The request is not valid"),
    UNAUTHORIZED(401, "A token is needed"),
    FORBIDDEN(403, "The token does not allow this"),
    CHAOS_OFF(403, "Chaos over HTTP is off at this node"),
    NOT_FOUND(404, "There is no such resource"),
    KEY_NOT_FOUND(404, "The key does not exist"),
    METHOD_NOT_ALLOWED(405, "The resource does not take this method"),
    REQUEST_TIMEOUT(408, "The request did not arrive in time"),
    CONFLICT(409, "The request does not fit the present state"),
    ALREADY_ACKNOWLEDGED(409, "The result was acknowledged and is gone"),
    SESSION_EXPIRED(410, "The session is unknown or expired: outcome unknown"),
    COMPACTED(410, "The changes asked for were compacted"),
    CONDITION_FAILED(412, "The condition does not hold"),
    TOO_LARGE(413, "The request is too large"),
    KEY_TOO_LONG(414, "The key is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be JSON"),
    INTERNAL(500, "Internal error"),
    OVERLOADED(503, "Too many requests: certainly not applied"),
    UNAVAILABLE(503, "Not available now: certainly not applied"),
    NOT_LIVE(503, "A role of this node has stopped for good"),
    NOT_READY(503, "This node can't serve linearizable requests now"),
    TOO_MANY_SESSIONS(503, "Too many sessions are open"),
    OUTCOME_UNKNOWN(504, "Outcome unknown: may or may not be applied"),
    QUOTA_EXCEEDED(507, "A disk quota is used up: certainly not applied");

    private final int status;
    private final String title;

    Type(int status, String title) {
      this.status = status;
      this.title = title;
    }

    int status() {
      return status;
    }

    private String uri() {
      return "urn:synod:" + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  private final Type type;
  private final transient Map<String, Object> fields = new LinkedHashMap<>();
  private final transient List<HttpHeader> headers = new ArrayList<>();

  Problem(Type type, String detail) {
    super(detail, null, false, false);
    this.type = type;
    if (type.status == 503) {
      headers.add(RawHeader.create("Retry-After", "1"));
    }
  }

  static Problem invalid(String detail) {
    return new Problem(Type.INVALID_REQUEST, detail);
  }

  Type type() {
    return type;
  }

  /** Adds a field to the JSON; a null value is shown as such. */
  Problem with(String field, Object value) {
    fields.put(field, value);
    return this;
  }

  Problem with(HttpHeader header) {
    headers.add(header);
    return this;
  }

  HttpResponse toResponse() {
    return render(type.status, type.uri(), type.title, getMessage(), fields).addHeaders(headers);
  }

  /**
   * A problem that the HTTP protocol itself has a status for and that needs no type of its own.
   *
   * @param status any error status
   */
  static HttpResponse plain(int status, String title, String detail) {
    return render(status, "about:blank", title, detail, Map.of());
  }

  private static HttpResponse render(
      int status, String type, String title, String detail, Map<String, Object> fields) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", type);
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(fields);
    return HttpResponse.create().withStatus(status).withEntity(Json.problem(body));
  }
}
