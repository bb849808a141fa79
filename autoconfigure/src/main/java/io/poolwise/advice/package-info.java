/**
 * What the sizes of a pool should be, judged from measurements: pure, with its
 * uncertainty, and never applied by itself.
 */
@NullMarked
package io.poolwise.advice;

import org.jspecify.annotations.NullMarked;
