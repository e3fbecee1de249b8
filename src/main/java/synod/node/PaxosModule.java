package synod.node;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import synod.paxos.Message;

/**
 * Teaches Jackson the messages of the protocol, which know nothing of Jackson: each travels with
 * its record's name. Named in {@code application.conf}.
 */
public final class PaxosModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.PROPERTY, property = "is")
  private interface Named {}

  public PaxosModule() {
    super("synod-paxos");
    setMixInAnnotation(Message.class, Named.class);
    for (Class<?> message : Message.class.getPermittedSubclasses()) {
      registerSubtypes(new NamedType(message, message.getSimpleName()));
    }
  }
}
