package io.poolwise.sample.user;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The users' HTTP interface.
 */
@RestController
class UserController {

	private final UserService users;

	UserController(UserService users) {
		this.users = users;
	}

	@PostMapping("/users")
	@ResponseStatus(HttpStatus.CREATED)
	User signUp(@RequestBody Credentials credentials) {
		return this.users.signUp(credentials.checkedName());
	}

	@PostMapping("/logins")
	@ResponseStatus(HttpStatus.CREATED)
	Login logIn(@RequestBody Credentials credentials) {
		return this.users.logIn(credentials.checkedName());
	}

}
