package io.poolwise.sample.traffic;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Shows the built-in traffic and changes it.
 */
@RestController
class TrafficController {

	private final TrafficGenerator traffic;

	TrafficController(TrafficGenerator traffic) {
		this.traffic = traffic;
	}

	@GetMapping("/traffic")
	TrafficStatus status() {
		return this.traffic.status();
	}

	@PostMapping("/traffic")
	TrafficStatus change(@RequestBody Change change) {
		try {
			this.traffic.change(change.users(), change.thinkTime());
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage(), ex);
		}
		return this.traffic.status();
	}

	/**
	 * How the traffic should be.
	 *
	 * @param users how many users
	 * @param thinkTimeMs the average think time in milliseconds, {@code null} to keep it
	 */
	record Change(int users, @Nullable Long thinkTimeMs) {

		@Nullable Duration thinkTime() {
			return (this.thinkTimeMs != null) ? Duration.ofMillis(this.thinkTimeMs) : null;
		}

	}

}
