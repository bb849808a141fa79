package io.poolwise.lease;

/**
 * A coordinator session that was given up or closed and is not proven gone.
 *
 * @param epoch its epoch
 * @param until when it is surely gone, in nanoseconds
 */
record Remnant(int epoch, long until) {
}
