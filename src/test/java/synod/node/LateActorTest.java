package synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import synod.paxos.Ballot;
import synod.paxos.Message;

/**
 * What is sent to a role before its actor is there, as happens whenever a node restarts, is lost;
 * what is sent later must arrive, for ever.
 */
class LateActorTest {
  @Test
  void anActorThatCameLateIsReachedForGood() throws Exception {
    List<Integer> ports = TestCluster.freePorts(2);
    ActorTestKit here = ActorTestKit.create("synod", config(ports.get(0)));
    ActorTestKit there = ActorTestKit.create("synod", config(ports.get(1)));
    try {
      String path = there.system().address() + "/system/late";
      ActorRef<CborSerializable> late = ActorRefResolver.get(here.system()).resolveActorRef(path);
      AtomicLong heard = new AtomicLong();
      AtomicLong sent = new AtomicLong();
      ActorRef<CborSerializable> early =
          there.system().systemActorOf(counting(heard), "early", Props.empty());
      ActorRef<CborSerializable> known =
          ActorRefResolver.get(here.system())
              .resolveActorRef(there.system().address() + early.path().toStringWithoutAddress());
      // The connection is up, and the other actor's messages go to nobody.
      TestCluster.await(
          () -> {
            send(known, sent);
            send(late, sent);
            return heard.get() > 20;
          },
          "the known actor is reached");

      AtomicLong heardLate = new AtomicLong();
      there.system().systemActorOf(counting(heardLate), "late", Props.empty());
      long start = System.nanoTime();
      // Many times the interval in which addresses would be replaced by numbers.
      while (System.nanoTime() - start < 1_500_000_000L) {
        send(late, sent);
        long before = heardLate.get();
        TestCluster.await(
            () -> {
              send(late, sent);
              return heardLate.get() > before;
            },
            "the late actor is still reached");
      }
      assertThat(heardLate.get()).isGreaterThan(20);
    } finally {
      here.shutdownTestKit();
      there.shutdownTestKit();
    }
  }

  private static void send(ActorRef<CborSerializable> to, AtomicLong sent) {
    to.tell(
        new Envelope(
            Envelope.VERSION,
            "f",
            "c",
            "n1",
            new Message.Heartbeat(Ballot.NONE, sent.incrementAndGet())));
  }

  private static Behavior<CborSerializable> counting(AtomicLong heard) {
    return Behaviors.receiveMessage(
        message -> {
          heard.incrementAndGet();
          return Behaviors.same();
        });
  }

  /** The shipped settings, with the interval shortened in which Artery advertises its tables. */
  private static Config config(int port) {
    return ConfigFactory.parseString(
            """
            akka.actor.provider = remote
            akka.remote.artery.canonical { hostname = 127.0.0.1, port = %d }
            akka.remote.artery.advanced.compression {
              actor-refs.advertisement-interval = 50 ms
              manifests.advertisement-interval = 50 ms
            }
            """
                .formatted(port))
        .withFallback(ConfigFactory.load());
  }
}
