package io.poolwise.bench;

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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Calculates what a large fleet makes one instance calculate.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class CalculationBenchmark {

	/**
	 * Which calculation.
	 */
	@Param
	public Calculation calculation = Calculation.ALLOTMENT;

	private Operation operation = () -> this;

	/**
	 * Makes the fleet.
	 */
	@Setup
	public void prepare() {
		this.operation = this.calculation.prepare();
	}

	/**
	 * Calculates once.
	 * @return what came of it
	 */
	@Benchmark
	public Object calculate() {
		return this.operation.run();
	}

}
