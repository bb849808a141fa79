/**
 * The stock desk and the order cache in Redis.
 */
@NullMarked
package io.poolwise.sample.order.redis;

import org.jspecify.annotations.NullMarked;
