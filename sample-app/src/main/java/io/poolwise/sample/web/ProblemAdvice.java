package io.poolwise.sample.web;

import io.poolwise.sample.order.InvalidOrderException;
import io.poolwise.sample.order.OrderNotFoundException;
import io.poolwise.sample.order.OutOfStockException;
import io.poolwise.sample.order.UnknownProductException;
import io.poolwise.sample.user.InvalidNameException;
import io.poolwise.sample.user.NameTakenException;
import io.poolwise.sample.user.UnknownUserException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.PoolException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns exceptions into problem details (RFC 9457).
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

	@ExceptionHandler
	ProblemDetail handle(OrderNotFoundException ex) {
		return problem(HttpStatus.NOT_FOUND, "Order not found", ex);
	}

	@ExceptionHandler
	ProblemDetail handle(UnknownProductException ex) {
		ProblemDetail problem = problem(HttpStatus.UNPROCESSABLE_CONTENT, "Unknown product", ex);
		problem.setProperty("skus", ex.skus());
		return problem;
	}

	@ExceptionHandler
	ProblemDetail handle(OutOfStockException ex) {
		ProblemDetail problem = problem(HttpStatus.CONFLICT, "Out of stock", ex);
		problem.setProperty("sku", ex.sku());
		return problem;
	}

	@ExceptionHandler
	ProblemDetail handle(InvalidNameException ex) {
		return problem(HttpStatus.BAD_REQUEST, "Invalid name", ex);
	}

	@ExceptionHandler
	ProblemDetail handle(NameTakenException ex) {
		return problem(HttpStatus.CONFLICT, "Name taken", ex);
	}

	@ExceptionHandler
	ProblemDetail handle(UnknownUserException ex) {
		return problem(HttpStatus.UNAUTHORIZED, "Unknown user", ex);
	}

	/**
	 * Redis is away, or its pool is full: the request may be sent again. A database pool
	 * that has no connection is answered for by the starter.
	 * @param ex what the template threw
	 * @return the answer
	 */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(RedisConnectionFailureException ex) {
		boolean exhausted = ex.getCause() instanceof PoolException;
		String title = exhausted ? "No free Redis connection" : "Redis not available";
		return unavailable(title, NestedExceptionUtils.getMostSpecificCause(ex));
	}

	@ExceptionHandler({ QueryTimeoutException.class, ConcurrencyFailureException.class })
	ResponseEntity<ProblemDetail> handleSlow(Exception ex) {
		return unavailable("It took too long", NestedExceptionUtils.getMostSpecificCause(ex));
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof InvalidOrderException invalid) {
			ProblemDetail problem = problem(HttpStatus.BAD_REQUEST, "Invalid order", invalid);
			return handleExceptionInternal(ex, problem, headers, status, request);
		}
		return super.handleHttpMessageNotReadable(ex, headers, status, request);
	}

	private static ResponseEntity<ProblemDetail> unavailable(String title, Throwable cause) {
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
			.header(HttpHeaders.RETRY_AFTER, "1")
			.body(problem(HttpStatus.SERVICE_UNAVAILABLE, title, cause));
	}

	private static ProblemDetail problem(HttpStatus status, String title, Throwable cause) {
		ProblemDetail problem = ProblemDetail.forStatus(status);
		problem.setTitle(title);
		problem.setDetail(cause.getMessage());
		return problem;
	}

}
