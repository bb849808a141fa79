/**
 * Events about orders over AMQP: published with confirms, worked off by a listener.
 */
@NullMarked
package io.poolwise.sample.order.amqp;

import org.jspecify.annotations.NullMarked;
