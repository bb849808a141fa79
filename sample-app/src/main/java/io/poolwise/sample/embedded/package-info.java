/**
 * Real servers that the sample starts for itself when it is given no address of one.
 */
@NullMarked
package io.poolwise.sample.embedded;

import org.jspecify.annotations.NullMarked;
