package io.poolwise.bench;

import java.util.EnumSet;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Asks a service with three pools of 50 connections, one of each kind, that have half an
 * hour behind them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class ReadingBenchmark {

	private static final int SIZE = 50;

	/**
	 * What is asked.
	 */
	@Param
	public Reading reading = Reading.DB_POOL;

	private AutoCloseable application = () -> {
	};

	private Operation question = () -> this;

	/**
	 * Starts the service, and lets it work.
	 */
	@Setup
	public void start() throws Exception {
		Application application = new Application(true, EnumSet.allOf(PoolType.class), 1, SIZE);
		this.application = application;
		application.fill();
		application.passHalfAnHour();
		this.question = this.reading.prepare(application.context());
	}

	/**
	 * Stops the service.
	 */
	@TearDown
	public void stop() throws Exception {
		this.application.close();
	}

	/**
	 * Asks once.
	 * @return the answer
	 */
	@Benchmark
	public Object ask() {
		return this.question.run();
	}

}
