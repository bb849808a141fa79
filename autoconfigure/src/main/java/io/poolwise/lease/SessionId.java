package io.poolwise.lease;

/**
 * Identity of one session of a database server.
 * <p>
 * A process number alone is no identity: servers use numbers again, after a restart even
 * the same ones.
 *
 * @param server stands for one run of one server: derived from its start time, and
 * different after a restart and a failover; the same after a promotion, which keeps
 * sessions and locks
 * @param pid the server's number for the session
 * @param nonce tells apart sessions that had the same number, for example the session's
 * start time in microseconds
 */
public record SessionId(long server, long pid, long nonce) {
}
