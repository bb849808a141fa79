package io.poolwise.autoconfigure;

import io.poolwise.pool.PoolUnavailable;
import io.poolwise.pool.lettuce.PoolExhaustedException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers requests that did not get a Redis connection, however deep the reason lies,
 * after every handler of the application.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class RedisPoolProblemAdvice {

	@ExceptionHandler(PoolExhaustedException.class)
	ResponseEntity<ProblemDetail> handle(PoolUnavailable unavailable) {
		return PoolProblem.answer(unavailable);
	}

}
