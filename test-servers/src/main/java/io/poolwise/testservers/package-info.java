/**
 * Real servers on loopback, for tests and for the sample.
 */
@NullMarked
package io.poolwise.testservers;

import org.jspecify.annotations.NullMarked;
