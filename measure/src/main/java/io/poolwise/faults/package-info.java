/**
 * Faults, each played with stock Spring Boot and with Poolwise on real servers in one
 * run, and compared.
 */
@NullMarked
package io.poolwise.faults;

import org.jspecify.annotations.NullMarked;
