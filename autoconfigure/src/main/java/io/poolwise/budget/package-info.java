/**
 * The arithmetic of a fleet's connection budget: pure, exact, and explained.
 */
@NullMarked
package io.poolwise.budget;

import org.jspecify.annotations.NullMarked;
