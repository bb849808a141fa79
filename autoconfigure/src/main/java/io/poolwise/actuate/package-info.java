/**
 * What people and monitoring see of the pools: endpoints, health and meters. Nothing here
 * waits for a pool or changes one.
 */
@NullMarked
package io.poolwise.actuate;

import org.jspecify.annotations.NullMarked;
