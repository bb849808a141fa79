/**
 * This instance's part in the fleets that share a server by leases, between the lease
 * runtime, the governor and the pools.
 */
@NullMarked
package io.poolwise.fleet;

import org.jspecify.annotations.NullMarked;
