/**
 * The users, in a process of their own: what they do, and how they were answered.
 */
@NullMarked
package io.poolwise.sample.load.traffic;

import org.jspecify.annotations.NullMarked;
