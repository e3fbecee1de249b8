package synod.node;

import akka.actor.typed.ActorRef;
import java.util.List;

/** What a gateway actor receives. */
public interface GatewayMessage extends RoleMessage {
  /** Requests from within this actor system. Replies to several requests may come together. */
  record Requests(List<Request> requests, ActorRef<Replies> replyTo) implements GatewayMessage {
    public Requests {
      requests = List.copyOf(requests);
    }
  }

  /**
   * Answers to some of the requests that were sent. Each request is answered once, within its
   * timeout.
   */
  record Replies(List<Reply> replies) {
    public Replies {
      replies = List.copyOf(replies);
    }
  }

  /**
   * Requests from a client in another actor system.
   *
   * @param client the full path of the client's actor, where the answers go
   * @param requests a list of {@link Request}, encoded by {@link ClientCodec}
   */
  record ClientRequests(String client, byte[] requests)
      implements GatewayMessage, CborSerializable {}

  /**
   * @param leader the node that is believed to lead, empty if none is known: a client that goes
   *     there saves every request a hop
   * @param replies a list of {@link Reply}, encoded by {@link ClientCodec}
   */
  record ClientReplies(String leader, byte[] replies) implements CborSerializable {}
}
