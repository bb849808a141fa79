package io.poolwise.sample.user;

import java.time.Instant;

/**
 * Somebody who has signed up.
 *
 * @param id the user's number
 * @param name the user's name, of which there is one
 * @param signedUpAt when that was, by the database's clock
 */
public record User(long id, String name, Instant signedUpAt) {
}
