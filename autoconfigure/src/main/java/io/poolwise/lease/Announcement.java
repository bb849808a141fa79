package io.poolwise.lease;

/**
 * What a member tells the others through its coordinator session.
 *
 * @param member the member's number, random, the same for as long as the instance lives
 * @param slots the slots that it believes the fleet has; the smallest such number of all
 * members applies
 * @param demand slots that it could use now, its paying one included
 * @param minimumSize connections that it wants to keep open when idle
 * @param calls raised each time that it lacks more than is free: a change makes those
 * above their share look
 */
public record Announcement(long member, int slots, Demand demand, int minimumSize, int calls) {
}
