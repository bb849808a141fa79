#!/usr/bin/env bash
# What it costs to be looked at: /actuator/prometheus of the sample with the starter and of the
# same sample without the starter's jars, and what only the starter has (/actuator/metrics/db-pool,
# /actuator/pools) beside one number of a stock endpoint. Both run at once on the servers that an
# idle third instance brings along. Users come to both first, so that every meter is there, and
# leave; then the two are asked by turns, over one kept-alive connection a round.
#
# Use: mvn -pl sample-app -am package -DskipTests && docs/measure/scrape.sh [rounds [requests]]
# Prints Markdown. JAVA names another java; needs curl, unzip, and Linux's /proc.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-15}
requests=${2:-300}
java=${JAVA:-java}
jar=$(ls sample-app/target/poolwise-sample-app-*.jar 2>/dev/null | head -n 1)
[ -n "$jar" ] || { echo "No sample: mvn -pl sample-app -am package -DskipTests" >&2; exit 1; }

work=$(mktemp -d)
pids=
finish() {
	local pid
	for pid in $pids; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap finish EXIT

# Waits until the log of a process has a line, at most 300 s.
logged() { # pid log pattern
	local end=$((SECONDS + 300))
	until grep -q "$3" "$2"; do
		if ! kill -0 "$1" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
			tail -n 40 "$2" >&2
			exit 1
		fi
		sleep 0.1
	done
}

mkdir "$work/app"
unzip -q "$jar" 'BOOT-INF/*' -d "$work/app"
cp -r "$work/app" "$work/stock"
rm "$work"/stock/BOOT-INF/lib/poolwise-spring-boot-*.jar

start() { # name folder log variables...
	local folder=$2 log=$3
	shift 3
	: >"$log"
	env SERVER_PORT=0 "$@" "$java" -Xmx256m -cp "$folder/BOOT-INF/classes:$folder/BOOT-INF/lib/*" \
		io.poolwise.sample.SampleApplication >>"$log" 2>&1 &
	pids="$! $pids"
}

port() { sed -n 's/.*Tomcat started on port \([0-9]*\).*/\1/p' "$1" | tail -n 1; }

start host "$work/app" "$work/host.log" SAMPLE_TRAFFIC_ENABLED=false
logged "${pids%% *}" "$work/host.log" 'One more instance on the same'
servers=$(sed -n "s/.*One more instance on the same: SERVER_PORT=0 \(.*\) mvn .*/\1/p" "$work/host.log" | tr -d "'")

exposed='MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE=*'
traffic='SAMPLE_TRAFFIC_ENABLED=true SAMPLE_TRAFFIC_USERS=10 SAMPLE_TRAFFIC_THINK_TIME=200ms'
# shellcheck disable=SC2086 # a list of variables each
{
	start with "$work/app" "$work/with.log" $servers $traffic "$exposed"
	with=${pids%% *}
	start without "$work/stock" "$work/without.log" $servers $traffic "$exposed"
	without=${pids%% *}
}
logged "$with" "$work/with.log" 'Started SampleApplication in'
logged "$without" "$work/without.log" 'Started SampleApplication in'
declare -A base=([with]="http://127.0.0.1:$(port "$work/with.log")" \
	[without]="http://127.0.0.1:$(port "$work/without.log")") pid=([with]=$with [without]=$without)
ticks=$(getconf CLK_TCK)

# Milliseconds of the processor that a process has used.
used() { # pid
	sed 's/.*) //' "/proc/$1/stat" | awk -v hz="$ticks" '{ print ($12 + $13) * 1000 / hz }'
}

# Asks again and again over one connection, and notes the times in ms, and the processor's a request.
ask() { # who path count file
	local url=${base[$1]}/actuator$2 i before after
	for i in $(seq "$3"); do printf 'url = "%s"\noutput = /dev/null\n' "$url"; done >"$work/urls"
	before=$(used "${pid[$1]}")
	curl -sS --fail --max-time 300 -w '%{time_total}\n' -K "$work/urls" >"$work/times"
	after=$(used "${pid[$1]}")
	# the first one also connects
	tail -n +2 "$work/times" | awk '{ print $1 * 1000 }' >>"$4.time"
	awk -v b="$before" -v a="$after" -v n="$3" 'BEGIN { print (a - b) / n }' >>"$4.cpu"
}

subjects=('with /prometheus' 'without /prometheus' 'with /metrics/db-pool' 'with /pools' 'without /metrics/hikaricp.connections.active')
name() { echo "$work/$(echo "$1" | tr -c 'a-z.\n' '_')"; }

sleep 20
for who in with without; do
	curl -sS --fail --max-time 30 -o /dev/null -H 'Content-Type: application/json' -d '{"users": 0}' "${base[$who]}/traffic"
done
for subject in "${subjects[@]}"; do
	for i in 1 2 3 4 5; do ask $subject 500 "$work/warm"; done
done

for round in $(seq "$rounds"); do
	for i in "${!subjects[@]}"; do
		# another one begins each round
		subject=${subjects[$(((i + round) % ${#subjects[@]}))]}
		ask $subject "$requests" "$(name "$subject")"
	done
	echo "round $round of $rounds" >&2
done

# Median and quartiles of the numbers of a file, interpolated.
spread() { # file
	sort -n "$1" | awk '
		function at(q,    p, i) { p = 1 + q * (NR - 1); i = int(p); return v[i] + (p - i) * (v[i < NR ? i + 1 : i] - v[i]) }
		{ v[NR] = $1 }
		END { printf "%.2f (%.2f to %.2f)", at(0.5), at(0.25), at(0.75) }'
}

echo "| $rounds x $requests requests | ms | ms of the processor | bytes | series |"
echo "|---|---|---|---|---|"
for subject in "${subjects[@]}"; do
	who=${subject%% *} path=${subject#* }
	curl -sS --fail --max-time 30 -o "$work/answer" "${base[$who]}/actuator$path"
	series=
	if [ "$path" = /prometheus ]; then
		series=$(grep -vc '^#' "$work/answer")
		if [ "$who" = with ]; then series="$series, $(grep -c '^pool_' "$work/answer") of them \`pool_*\`"; fi
	fi
	file=$(name "$subject")
	echo "| \`/actuator$path\`, $who | $(spread "$file.time") | $(spread "$file.cpu") | $(stat -c %s "$work/answer") | $series |"
done

# What the two use while nobody asks and nobody comes.
for i in 1 2 3; do
	for who in with without; do
		a=$(used "${pid[$who]}")
		sleep 20
		used "${pid[$who]}" | awk -v a="$a" '{ print ($1 - a) / 20 }' >>"$work/rest.$who"
	done
done
echo "| at rest, a second, with | | $(spread "$work/rest.with") | | |"
echo "| at rest, a second, without | | $(spread "$work/rest.without") | | |"
