#!/usr/bin/env bash
# What the starter costs at the start: the sample, with the database alone, started with
# pool.enabled=true and pool.enabled=false by turns against one PostgreSQL that an idle
# instance of the sample brings along. The times are Boot's own ("Started ... in").
#
# Use: mvn -pl sample-app -am package -DskipTests && docs/measure/startup.sh [pairs]
# Prints Markdown. JAVA names another java.
set -euo pipefail
cd "$(dirname "$0")/../.."

pairs=${1:-15}
java=${JAVA:-java}
jar=$(ls sample-app/target/poolwise-sample-app-*.jar 2>/dev/null | head -n 1)
[ -n "$jar" ] || { echo "No sample: mvn -pl sample-app -am package -DskipTests" >&2; exit 1; }

work=$(mktemp -d)
host= run=
finish() {
	local pid
	for pid in $run $host; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap finish EXIT

# Waits until the log of a process says that it has started, at most 300 s.
started() { # pid log
	local end=$((SECONDS + 300))
	until grep -q 'Started SampleApplication in' "$2"; do
		if ! kill -0 "$1" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
			tail -n 40 "$2" >&2
			exit 1
		fi
		sleep 0.1
	done
}

: >"$work/host.log"
SPRING_PROFILES_ACTIVE=jdbc SERVER_PORT=0 "$java" -jar "$jar" >>"$work/host.log" 2>&1 &
host=$!
started "$host" "$work/host.log"
until url=$(grep -o 'jdbc:postgresql://[^'"'"' ]*' "$work/host.log" | tail -n 1) && [ -n "$url" ]; do sleep 0.1; done

start_once() { # enabled
	local log=$work/run.log
	: >"$log"
	SPRING_PROFILES_ACTIVE=jdbc SERVER_PORT=0 SPRING_DATASOURCE_URL=$url POOL_ENABLED=$1 \
		"$java" -jar "$jar" >>"$log" 2>&1 &
	run=$!
	started "$run" "$log"
	sed -n 's/.*Started SampleApplication in \([0-9.]*\) seconds.*/\1/p' "$log" >>"$work/$1"
	kill "$run"
	wait "$run" 2>/dev/null || true
	run=
}

# The first pair fills the file cache and doesn't count.
start_once true
start_once false
rm -f "$work/true" "$work/false"

for i in $(seq "$pairs"); do
	if [ $((i % 2)) = 1 ]; then
		start_once true
		start_once false
	else
		start_once false
		start_once true
	fi
	echo "pair $i of $pairs: $(tail -n 1 "$work/true") s with, $(tail -n 1 "$work/false") s without" >&2
done

# Median, quartiles and extremes of the numbers of a file, interpolated.
spread() { # file
	sort -n "$1" | awk '
		function at(q,    p, i) { p = 1 + q * (NR - 1); i = int(p); return v[i] + (p - i) * (v[i < NR ? i + 1 : i] - v[i]) }
		{ v[NR] = $1 }
		END { printf "%.3f | %.3f to %.3f | %.3f to %.3f", at(0.5), at(0.25), at(0.75), v[1], v[NR] }'
}

paste "$work/true" "$work/false" | awk '{ print $1 / $2 }' >"$work/ratio"
paste "$work/true" "$work/false" | awk '{ print $1 - $2 }' >"$work/difference"

echo "| over $pairs pairs | median | middle half | least to most |"
echo "|---|---|---|---|"
echo "| with the starter, s | $(spread "$work/true") |"
echo "| \`pool.enabled=false\`, s | $(spread "$work/false") |"
echo "| ratio of a pair | $(spread "$work/ratio") |"
echo "| difference of a pair, s | $(spread "$work/difference") |"
