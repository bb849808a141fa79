package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.PoolUnavailable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/**
 * The answer to a request that got no connection: 503, when to try again, and nothing
 * that only operators should know.
 */
final class PoolProblem {

	private PoolProblem() {
	}

	static ResponseEntity<ProblemDetail> answer(PoolUnavailable unavailable) {
		PoolShortage shortage = unavailable.getShortage();
		return answer(Optional.of(shortage.pool()), shortage.retryAfter());
	}

	/**
	 * Answers where the library's own exception tells nothing of the pool.
	 * @param pool the pool's name, if it is known
	 * @param retryAfter when another try makes sense
	 */
	static ResponseEntity<ProblemDetail> answer(Optional<String> pool, Duration retryAfter) {
		long seconds = seconds(retryAfter);
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"%s has no connection free. Try again in %d s."
					.formatted(pool.map("The pool '%s'"::formatted).orElse("A pool"), seconds));
		problem.setTitle("No connection free");
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
			.header(HttpHeaders.RETRY_AFTER, String.valueOf(seconds))
			.body(problem);
	}

	/**
	 * Whole seconds, at least 1, rounded up: the header knows no others.
	 */
	private static long seconds(Duration duration) {
		return Math.max(1, duration.plusMillis(999).toSeconds());
	}

}
