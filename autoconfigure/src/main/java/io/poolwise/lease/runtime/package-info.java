/**
 * What drives the lease machine: the thread of the coordinator session, and the monitor
 * that connects go through.
 */
@NullMarked
package io.poolwise.lease.runtime;

import org.jspecify.annotations.NullMarked;
