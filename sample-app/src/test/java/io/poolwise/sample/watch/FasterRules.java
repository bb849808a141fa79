package io.poolwise.sample.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of rules whose every duration is divided by the same factor, so that an alert
 * that takes a minute can be seen in seconds. Nothing else in it changes.
 */
final class FasterRules {

	// "for: 1m", "[5m]", "offset 5m"
	private static final Pattern DURATION = Pattern.compile("(\\bfor: |\\[|\\boffset )(\\d+)([smh])\\b");

	private FasterRules() {
	}

	/**
	 * Writes the rules with shorter durations.
	 * @param rules the file, as it is shipped
	 * @param factor what to divide by, at least 1; by 20, 1 m becomes 3 s
	 * @param folder where to write
	 * @return the file itself with a factor of 1, else a new one of the same name
	 */
	static Path write(Path rules, int factor, Path folder) throws IOException {
		if (factor == 1) {
			return rules;
		}
		String faster = DURATION.matcher(Files.readString(rules)).replaceAll((match) -> divided(match, factor));
		return Files.writeString(folder.resolve(rules.getFileName()), faster);
	}

	private static String divided(MatchResult match, int factor) {
		int amount = Integer.parseInt(match.group(2));
		Duration duration = switch (match.group(3)) {
			case "s" -> Duration.ofSeconds(amount);
			case "m" -> Duration.ofMinutes(amount);
			default -> Duration.ofHours(amount);
		};
		return Matcher.quoteReplacement(match.group(1) + duration.toMillis() / factor + "ms");
	}

}
