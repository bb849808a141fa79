package io.poolwise.sample.user;

import java.time.Instant;
import java.util.UUID;

/**
 * That a user has logged in.
 *
 * @param token what the user shows from now on
 * @param userId the user's number
 * @param loggedInAt when that was, by the database's clock
 */
public record Login(UUID token, long userId, Instant loggedInAt) {
}
