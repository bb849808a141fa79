/**
 * The Lettuce adapter: a {@code LettuceConnectionFactory} whose connections of every type
 * come from one pool with one bound.
 */
@NullMarked
package io.poolwise.pool.lettuce;

import org.jspecify.annotations.NullMarked;
