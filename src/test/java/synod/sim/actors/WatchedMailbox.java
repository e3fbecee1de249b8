package synod.sim.actors;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.dispatch.Envelope;
import akka.dispatch.MailboxType;
import akka.dispatch.MessageQueue;
import akka.dispatch.ProducesMessageQueue;
import akka.dispatch.UnboundedMailbox;
import com.typesafe.config.Config;
import scala.Option;

/**
 * The mailboxes of a simulated process: the simulation sees what its actors say to each other. Akka
 * makes it by its name in the configuration.
 */
public final class WatchedMailbox
    implements MailboxType, ProducesMessageQueue<UnboundedMailbox.MessageQueue> {
  private final Machine machine;

  public WatchedMailbox(ActorSystem.Settings settings, Config config) {
    machine = Machine.of(settings.config());
  }

  @Override
  public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
    return new Queue(machine);
  }

  private static final class Queue extends UnboundedMailbox.MessageQueue {
    private static final long serialVersionUID = 1L;
    private final transient Machine machine;

    Queue(Machine machine) {
      this.machine = machine;
    }

    @Override
    public void enqueue(ActorRef receiver, Envelope handle) {
      machine.saidHere(handle.message());
      super.enqueue(receiver, handle);
    }
  }
}
