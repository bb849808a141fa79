/**
 * Faults of RabbitMQ and of the way to it.
 */
@NullMarked
package io.poolwise.faults.rabbit;

import org.jspecify.annotations.NullMarked;
