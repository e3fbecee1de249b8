package synod.http;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * JSON of requests and responses. Reading is strict: an unknown or repeated field, a wrong type or
 * anything behind the document is refused with a message that names the field and the position.
 */
final class Json {
  private static final ContentType PROBLEM =
      MediaTypes.customWithFixedCharset(
              "application", "problem+json", HttpCharsets.UTF_8, Map.of(), false)
          .toContentType();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private Json() {}

  static ObjectMapper mapper() {
    return MAPPER;
  }

  static HttpResponse response(int status, Object body) {
    return HttpResponse.create().withStatus(status).withEntity(entity(bytes(body)));
  }

  static HttpEntity.Strict entity(byte[] json) {
    return HttpEntities.create(ContentTypes.APPLICATION_JSON, ByteString.fromArrayUnsafe(json));
  }

  static HttpEntity.Strict problem(Map<String, Object> body) {
    return HttpEntities.create(PROBLEM, ByteString.fromArrayUnsafe(bytes(body)));
  }

  /**
   * @param json the request's body
   * @throws Problem if the request doesn't say that its body is JSON, or it isn't an object of this
   *     type
   */
  static <T> T read(HttpRequest request, ByteString json, Class<T> type) {
    if (!request.entity().getContentType().mediaType().equals(MediaTypes.APPLICATION_JSON)) {
      throw new Problem(
          Problem.Type.UNSUPPORTED_MEDIA_TYPE,
          "the content type must be application/json, not " + request.entity().getContentType());
    }
    try {
      T value = MAPPER.readValue(json.toArrayUnsafe(), type);
      if (value == null) {
        throw Problem.invalid("the body must be a JSON object, not null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw Problem.invalid("the body is not the JSON that is expected here: " + explain(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(Object body) {
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String explain(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String position =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "unknown field "
          + unknown.getPropertyName()
          + position
          + "; known are "
          + unknown.getKnownPropertyIds();
    }
    String field = e instanceof JsonMappingException mapping ? field(mapping) : "";
    return (field.isEmpty() ? "" : "field " + field + ": ") + firstLine(e) + position;
  }

  /** The path to the field as a person writes it, such as {@code roles[0]}. */
  private static String field(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  /** Jackson's own words, without the Java types it likes to mention. */
  private static String firstLine(JsonProcessingException e) {
    String message = e.getOriginalMessage().lines().findFirst().orElse("malformed");
    return message
        .replaceAll("`?java\\.(?:lang|util)\\.([A-Za-z.<>]+)`?", "$1")
        .replaceAll("`?synod\\.[A-Za-z.$]+`?", "object");
  }
}
