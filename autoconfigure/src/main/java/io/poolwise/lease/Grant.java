package io.poolwise.lease;

/**
 * Leave to make one connection: the slot that will pay for it, and the coordinator
 * session that owns the slot.
 *
 * @param slot the slot, from 1
 * @param epoch the epoch in which it was granted
 * @param coordinator the session that has to hold {@code own(slot)} still when the
 * connection is fenced
 */
public record Grant(int slot, int epoch, SessionId coordinator) {
}
