package io.poolwise.testservers;

import java.time.Duration;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Integration tests for {@link RedisCluster} and {@link RedisSentinel}.
 */
class RedisTopologiesIT {

	@Test
	void clusterServesAllSlotsFromAllNodes() {
		try (RedisCluster cluster = RedisCluster.start(3, (node) -> node.maxClients(40));
				RedisClusterClient client = RedisClusterClient
					.create(RedisURI.create(cluster.nodes().get(0).host(), cluster.nodes().get(0).port()));
				StatefulRedisClusterConnection<String, String> connection = client.connect()) {
			assertThat(connection.sync().clusterInfo()).contains("cluster_state:ok")
				.contains("cluster_slots_assigned:16384")
				.contains("cluster_size:3");
			for (int i = 0; i < 300; i++) {
				connection.sync().set("key" + i, "value");
			}
			assertThat(cluster.nodes()).allSatisfy((node) -> {
				try (RedisClient single = RedisClient.create(RedisURI.create(node.host(), node.port()));
						StatefulRedisConnection<String, String> direct = single.connect()) {
					assertThat(direct.sync().dbsize()).isBetween(50L, 200L);
					assertThat(direct.sync().info("clients")).contains("maxclients:40");
				}
			});
		}
	}

	@Test
	void clusterNodeComesBackWithItsSlots() {
		try (RedisCluster cluster = RedisCluster.start(3);
				RedisClusterClient client = RedisClusterClient
					.create(RedisURI.create(cluster.nodes().get(0).host(), cluster.nodes().get(0).port()));
				StatefulRedisClusterConnection<String, String> connection = client.connect()) {
			for (int i = 0; i < 30; i++) {
				connection.sync().set("key" + i, "value" + i);
			}
			cluster.nodes().get(1).kill();
			cluster.nodes().get(1).restart();
			await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> {
				for (int i = 0; i < 30; i++) {
					assertThat(connection.sync().get("key" + i)).isEqualTo("value" + i);
				}
			});
		}
	}

	@Test
	void sentinelsFailOverToTheReplica() {
		try (RedisSentinel servers = RedisSentinel.start()) {
			RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(servers.master());
			servers.sentinels().forEach((sentinel) -> uri.withSentinel(sentinel.host(), sentinel.port()));
			try (RedisClient client = RedisClient.create(uri.build())) {
				try (StatefulRedisConnection<String, String> connection = client.connect()) {
					connection.sync().set("a", "1");
					assertThat(connection.sync().waitForReplication(1, 5000)).isEqualTo(1);
					assertThat(connection.sync().info("server")).contains("tcp_port:" + servers.primary().port());
				}
				servers.primary().kill();
				await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
					try (StatefulRedisConnection<String, String> connection = client.connect()) {
						assertThat(connection.sync().info("server")).contains("tcp_port:" + servers.replica().port());
						assertThat(connection.sync().get("a")).isEqualTo("1");
						assertThat(connection.sync().set("b", "2")).isEqualTo("OK");
					}
				});
			}
		}
	}

}
