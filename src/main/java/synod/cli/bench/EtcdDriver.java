package synod.cli.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;

/**
 * etcd's gRPC interface by its generated stubs, on one connection, with replies handled on the
 * network's own thread: the cheapest way that there is to ask it from Java.
 */
final class EtcdDriver implements Driver {
  private final ManagedChannel channel;
  private final KVGrpc.KVStub stub;
  private final boolean stale;

  /**
   * @param member to talk to
   * @param stale whether reads are what etcd calls serializable
   */
  EtcdDriver(InetSocketAddress member, boolean stale) {
    channel = NettyChannelBuilder.forAddress(member).usePlaintext().directExecutor().build();
    stub = KVGrpc.newStub(channel);
    this.stale = stale;
  }

  @Override
  public void send(Operation operation, Reply reply) {
    ByteString key = UnsafeByteOperations.unsafeWrap(operation.key());
    switch (operation.kind()) {
      case PUT ->
          stub.put(
              PutRequest.newBuilder()
                  .setKey(key)
                  .setValue(UnsafeByteOperations.unsafeWrap(operation.value()))
                  .build(),
              observer(reply));
      case GET ->
          stub.range(
              RangeRequest.newBuilder().setKey(key).setSerializable(stale).build(),
              observer(reply));
      case DELETE ->
          stub.deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build(), observer(reply));
    }
  }

  private static <T> StreamObserver<T> observer(Reply reply) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T answer) {
        // What counts is the end of the call, which says whether it succeeded.
      }

      @Override
      public void onError(Throwable failure) {
        reply.failed(failure.getMessage());
      }

      @Override
      public void onCompleted() {
        reply.succeeded();
      }
    };
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
