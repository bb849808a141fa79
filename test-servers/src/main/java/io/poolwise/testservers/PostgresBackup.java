package io.poolwise.testservers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A copy of a running PostgreSQL server's data, made by the rules of the manual's "Making
 * a Base Backup Using the Low Level API".
 */
final class PostgresBackup {

	/** Folders of which only the empty folder is copied. */
	private static final Set<String> EMPTY = Set.of("pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial",
			"pg_snapshots", "pg_stat_tmp", "pg_subtrans", "pgsql_tmp");

	/** Files that belong to the running process. */
	private static final Set<String> OMITTED = Set.of("postmaster.pid", "postmaster.opts", "backup_label");

	private PostgresBackup() {
	}

	/**
	 * Copies the data folder of a running server.
	 * @param connection a superuser's connection to the server
	 * @param source the server's data folder
	 * @param target an empty folder
	 * @throws SQLException if the server refuses
	 * @throws IOException if copying fails
	 */
	static void copy(Connection connection, Path source, Path target) throws SQLException, IOException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_backup_start('standby', true)");
			Files.walkFileTree(source, new Copier(source, target));
			try (ResultSet rows = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
				rows.next();
				Files.writeString(target.resolve("backup_label"), rows.getString(1));
			}
		}
	}

	private static final class Copier extends SimpleFileVisitor<Path> {

		private final Path source;

		private final Path target;

		Copier(Path source, Path target) {
			this.source = source;
			this.target = target;
		}

		@Override
		public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
			Path copy = copyOf(directory);
			if (!Files.isDirectory(copy)) {
				Files.createDirectory(copy);
			}
			Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(directory));
			if (EMPTY.contains(directory.getFileName().toString())) {
				if (directory.endsWith("pg_wal")) {
					Files.createDirectory(copy.resolve("archive_status"));
				}
				return FileVisitResult.SKIP_SUBTREE;
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			if (!OMITTED.contains(file.getFileName().toString())) {
				try {
					Files.copy(file, copyOf(file));
				}
				catch (NoSuchFileException ex) {
					// gone while the server works on: the standby replays that
				}
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
			if (ex instanceof NoSuchFileException) {
				return FileVisitResult.CONTINUE;
			}
			throw ex;
		}

		private Path copyOf(Path path) {
			return this.target.resolve(this.source.relativize(path));
		}

	}

}
