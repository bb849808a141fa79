/**
 * Faults of Redis and of the way to it.
 */
@NullMarked
package io.poolwise.faults.redis;

import org.jspecify.annotations.NullMarked;
