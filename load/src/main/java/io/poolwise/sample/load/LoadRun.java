package io.poolwise.sample.load;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays scenarios and writes what was seen, see {@link LoadSettings#of}.
 */
public final class LoadRun {

	private LoadRun() {
	}

	public static void main(String[] arguments) throws Exception {
		LoadSettings settings = LoadSettings.of(arguments);
		if (!Files.isRegularFile(settings.jar())) {
			throw new IllegalArgumentException("no packaged sample at '" + settings.jar() + "'");
		}
		Path results = Files.createDirectories(settings.results());
		Archive archive = new Archive(settings.work());
		List<Measurement> measurements = new ArrayList<>(settings.again() ? archive.read() : List.of());
		double loadBefore = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
		int lost = 0;
		for (Scenario scenario : settings.scenarios()) {
			List<String> contenders = settings.contenders().isEmpty() ? scenario.contenders() : settings.contenders();
			int before = Results.rounds(measurements, scenario);
			for (int round = before + 1; round <= before + settings.rounds(); round++) {
				for (String contender : contenders) {
					say(scenario, contender + ", round " + round);
					try {
						List<Measurement> seen = scenario.measure(settings, contender, round);
						seen.forEach((one) -> say(scenario, one.contender() + " " + one.values() + " " + one.notes()));
						measurements.addAll(seen);
					}
					catch (Exception ex) {
						// the others go on: a run of all takes an hour
						say(scenario, contender + ", round " + round + " was not measured: " + ex);
						lost++;
					}
					archive.write(measurements);
					new Results(settings, measurements, loadBefore).write(results);
				}
			}
		}
		new Results(settings, measurements, loadBefore).write(results);
		if (lost > 0) {
			throw new IllegalStateException(lost + " of the runs were not measured");
		}
	}

	static void say(Scenario scenario, String text) {
		System.out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + scenario.key()
				+ ": " + text);
	}

}
