/**
 * People who sign up and log in: short transactions, each with a connection of its own.
 */
@NullMarked
package io.poolwise.sample.user;

import org.jspecify.annotations.NullMarked;
