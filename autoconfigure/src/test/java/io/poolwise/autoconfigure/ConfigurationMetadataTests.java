package io.poolwise.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.UrlResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the metadata that editors show about our keys.
 */
class ConfigurationMetadataTests {

	/**
	 * Bound by nobody, so that nobody shows them.
	 */
	private static final Set<String> SECRETS = Set.of("pool.leases.url", "pool.leases.password",
			"pool.rabbit.management.url", "pool.rabbit.management.password", "pool.database.read-replica.url",
			"pool.database.read-replica.password");

	private final Map<String, Object> metadata = read();

	@Test
	void everyKeyIsThereWithADescription() {
		Set<String> keys = keys("pool", PoolProperties.class);
		assertThat(keys).contains("pool.enabled", "pool.replicas", "pool.database.max-size",
				"pool.database.budget.limit", "pool.database.pools");
		for (String key : keys) {
			assertThat(properties()).as(key).filteredOn((property) -> key.equals(property.get("name"))).isNotEmpty();
		}
		assertThat(properties()).allSatisfy((property) -> assertThat((String) property.get("description"))
			.as("description of " + property.get("name"))
			.isNotBlank());
	}

	@Test
	void everyKeyIsThereOnce() {
		assertThat(properties()).extracting((property) -> property.get("name")).doesNotHaveDuplicates();
	}

	@Test
	void noOtherKeyIsThere() {
		Set<String> all = keys("pool", PoolProperties.class);
		all.addAll(SECRETS);
		assertThat(properties()).extracting((property) -> (String) property.get("name"))
			.filteredOn((name) -> name.startsWith("pool."))
			.containsExactlyInAnyOrderElementsOf(all);
	}

	@ParameterizedTest
	@EnumSource
	void profileSetsNoUnknownKey(PoolProfile profile) throws IOException {
		Properties defaults = PropertiesLoaderUtils
			.loadProperties(new ClassPathResource(profile.id() + ".properties", PoolProperties.class));
		assertThat(defaults).isNotEmpty();
		assertThat(keys("pool", PoolProperties.class)).containsAll(defaults.stringPropertyNames());
	}

	@Test
	void onePoolOfSeveralHasTheSameKeysAsAll() {
		Set<String> all = keys("pool.database", PoolProperties.Database.class);
		all.removeAll(Set.of("pool.database.enabled", "pool.database.pools"));
		all.removeIf((key) -> key.startsWith("pool.database.read-replica."));
		assertThat(keys("pool.database", PoolProperties.Pool.class)).isEqualTo(all);
		all.add("pool.database.username");
		assertThat(keys("pool.database", PoolProperties.ReadReplica.class)).isEqualTo(all);
	}

	@Test
	void editorsKnowTheNamesOfTheProfiles() {
		assertThat(list("hints")).filteredOn((hint) -> "pool.profile".equals(hint.get("name")))
			.singleElement()
			.satisfies((hint) -> assertThat(
					((List<?>) hint.get("values")).stream().map((value) -> (String) ((Map<?, ?>) value).get("value")))
				.containsExactlyElementsOf(PoolProfile.known()));
	}

	@Test
	void hintsAreForKnownKeys() {
		assertThat(list("hints")).extracting((hint) -> (String) hint.get("name"))
			.allSatisfy((name) -> assertThat(keys("pool", PoolProperties.class)).contains(name));
	}

	private static Set<String> keys(String prefix, Class<?> type) {
		Set<String> keys = new TreeSet<>();
		for (RecordComponent component : type.getRecordComponents()) {
			String key = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
			if (component.getType().isRecord()) {
				keys.addAll(keys(key, component.getType()));
			}
			else {
				keys.add(key);
			}
		}
		return keys;
	}

	private List<Map<String, Object>> properties() {
		return list("properties");
	}

	@SuppressWarnings("unchecked")
	private List<Map<String, Object>> list(String name) {
		return (List<Map<String, Object>>) this.metadata.get(name);
	}

	private static Map<String, Object> read() {
		try {
			String home = PoolProperties.class.getProtectionDomain().getCodeSource().getLocation().toString();
			List<URL> files = Collections.list(
					PoolProperties.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"));
			URL own = files.stream().filter((file) -> file.toString().contains(home)).findFirst().orElseThrow();
			String json = new UrlResource(own).getContentAsString(StandardCharsets.UTF_8);
			return JsonParserFactory.getJsonParser().parseMap(json);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
