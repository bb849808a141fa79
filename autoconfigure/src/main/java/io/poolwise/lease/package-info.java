/**
 * Slots of a budget, shared by every instance of a fleet: the protocol as a pure state
 * machine, and the port that a database's locks plug into, with what the locks of all
 * databases have in common.
 */
@NullMarked
package io.poolwise.lease;

import org.jspecify.annotations.NullMarked;
