package io.poolwise.sample.user;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Signs people up and logs them in. Each method is one transaction.
 */
@Service
class UserService {

	private final JdbcClient jdbc;

	UserService(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Sign somebody up.
	 * @param name the wanted name
	 * @return the new user
	 * @throws NameTakenException if somebody else has the name
	 */
	@Transactional
	public User signUp(String name) {
		return this.jdbc.sql("""
				INSERT INTO users (name) VALUES (:name) ON CONFLICT (name) DO NOTHING
				RETURNING id, name, signed_up_at
				""")
			.param("name", name)
			.query((row, number) -> new User(row.getLong("id"), row.getString("name"), instant(row, "signed_up_at")))
			.optional()
			.orElseThrow(() -> new NameTakenException(name));
	}

	/**
	 * Log somebody in.
	 * @param name the user's name
	 * @return the new login
	 * @throws UnknownUserException if nobody has the name
	 */
	@Transactional
	public Login logIn(String name) {
		long id = this.jdbc.sql("SELECT id FROM users WHERE name = :name")
			.param("name", name)
			.query(Long.class)
			.optional()
			.orElseThrow(() -> new UnknownUserException(name));
		return this.jdbc.sql("""
				INSERT INTO logins (token, user_id) VALUES (gen_random_uuid(), :id)
				RETURNING token, user_id, logged_in_at
				""")
			.param("id", id)
			.query((row, number) -> new Login(row.getObject("token", UUID.class), row.getLong("user_id"),
					instant(row, "logged_in_at")))
			.single();
	}

	private static Instant instant(ResultSet row, String column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

}
