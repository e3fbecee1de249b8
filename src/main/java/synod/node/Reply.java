package synod.node;

/** The answer to the request with this id. */
public record Reply(long id, Outcome outcome) {}
