/**
 * The Java client: {@link synod.client.SynodClient} for programs, {@link synod.client.ClientActor}
 * for Akka applications.
 *
 * <pre>{@code
 * ClientSettings settings =
 *     ClientSettings.builder("synod")
 *         .node("n1", "127.0.0.1", 25521)
 *         .node("n2", "127.0.0.1", 25522)
 *         .node("n3", "127.0.0.1", 25523)
 *         .build();
 * try (SynodClient client = SynodClient.connect(settings)) {
 *   client
 *       .put("greeting", "hello")
 *       .thenCompose(put -> client.get("greeting"))
 *       .thenAccept(read -> System.out.println(new String(read.found().value(), UTF_8)))
 *       .toCompletableFuture()
 *       .join();
 * }
 * }</pre>
 */
package synod.client;
