package io.poolwise.lease.postgres;

/**
 * Counts the sessions without a slot as any role may. Parallel workers are no
 * connections, and which sessions of other roles are some shows to nobody but superusers.
 * <p>
 * From PostgreSQL 17 on sessions are numbered by their place in the server, where those
 * of clients come first. Before, what could be workers is told by what a worker has in
 * common with its leader: database, role, name and a transaction; so many at most don't
 * count, and never more than {@code max_parallel_workers}.
 */
final class StrangerQuery {

	private static final int NUMBERED_BY_PLACE = 17;

	private static final String BY_PLACE = """
			, clients AS (
			  SELECT pid, pg_stat_get_backend_dbid(id) AS db, pg_stat_get_backend_userid(id) AS login
			  FROM pg_stat_get_backend_idset() AS id, pg_stat_get_backend_pid(id) AS pid
			  WHERE id < current_setting('max_connections')::int)
			SELECT count(*), count(*) FILTER (WHERE db = (SELECT db FROM clients WHERE pid = pg_backend_pid())),
			  count(*) FILTER (WHERE login = (SELECT login FROM clients WHERE pid = pg_backend_pid()))
			FROM clients WHERE pid NOT IN (SELECT pid FROM paying)
			""";

	private static final String BY_RESEMBLANCE = """
			, clients AS (
			  SELECT datname, usename, application_name, backend_type IS NULL AS unknown,
			    pid IN (SELECT pid FROM paying) AS ours,
			    pid IN (SELECT pid FROM pg_locks WHERE locktype = 'virtualxid') AS busy
			  FROM pg_stat_activity
			  WHERE datname IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'),
			alike AS (
			  SELECT datname, usename, count(*) FILTER (WHERE NOT ours) AS strangers,
			    greatest(0, least(count(*) FILTER (WHERE busy AND unknown AND NOT ours),
			      count(*) FILTER (WHERE busy) - 1)) AS workers
			  FROM clients GROUP BY datname, usename, application_name),
			sums AS (
			  SELECT sum(strangers) AS server, sum(workers) AS server_workers,
			    coalesce(sum(strangers) FILTER (WHERE datname = current_database()), 0) AS db,
			    coalesce(sum(workers) FILTER (WHERE datname = current_database()), 0) AS db_workers,
			    coalesce(sum(strangers) FILTER (WHERE usename = session_user), 0) AS login
			  FROM alike)
			SELECT server - least(server_workers, current_setting('max_parallel_workers')::int),
			  db - least(db_workers, current_setting('max_parallel_workers')::int), login FROM sums
			""";

	private StrangerQuery() {
	}

	/**
	 * SQL for one row: those of the server, of the database and of the role.
	 * @param keys the locks of those that are no strangers
	 * @param version the major version of the server
	 */
	static String of(LockKeys keys, int version) {
		return "WITH paying AS (" + keys.held("DISTINCT pid") + " AND classid = " + keys.slots() + " AND objid > "
				+ keys.use(0) + ")" + ((version >= NUMBERED_BY_PLACE) ? BY_PLACE : BY_RESEMBLANCE);
	}

}
