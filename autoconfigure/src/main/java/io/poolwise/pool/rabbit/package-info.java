/**
 * Channels of Spring AMQP's connection factories as a managed pool.
 */
@NullMarked
package io.poolwise.pool.rabbit;

import org.jspecify.annotations.NullMarked;
