/**
 * A small order service under real traffic, with Poolwise.
 */
@NullMarked
package io.poolwise.sample;

import org.jspecify.annotations.NullMarked;
