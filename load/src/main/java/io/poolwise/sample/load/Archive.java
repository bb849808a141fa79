package io.poolwise.sample.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps measurements, so that another run can add rounds to them.
 */
final class Archive {

	private final JsonMapper json = new JsonMapper();

	private final Path file;

	/**
	 * Creates an archive.
	 * @param folder where it lies; made when it is written
	 */
	Archive(Path folder) {
		this.file = folder.resolve("measurements.json");
	}

	/** What was written last, nothing if there is nothing. */
	List<Measurement> read() throws IOException {
		if (!Files.exists(this.file)) {
			return List.of();
		}
		return this.json.readValue(Files.readString(this.file), new TypeReference<List<Measurement>>() {
		});
	}

	void write(List<Measurement> measurements) throws IOException {
		Files.createDirectories(this.file.toAbsolutePath().getParent());
		Files.writeString(this.file, this.json.writeValueAsString(measurements));
	}

}
