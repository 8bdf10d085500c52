#!/bin/sh
# Every sample cut anywhere and changed anywhere is drawn or refused with a
# reason; a large one is tried at steps. With NNVIZ_WHOLE=1 each of less than
# 100 000 bytes is tried at every byte (see make soak).
# shellcheck disable=SC2317 # ok calls what is defined here
. "${0%/*}/lib.sh"

tries=1200
! sanitized || tries=150

# sweeps FILE: as many places of it as there are tries, and not one a crash.
sweeps() {
	sweeps_size=$(wc -c <"$1")
	timeout 3600 "$BUILD/tests/sweep" "$1" $((sweeps_size / tries + 1)) \
	    >"$tmp/said" 2>&1 || {
		cat "$tmp/said"
		return 1
	}
	grep -qE '^[1-9][0-9]* read, [1-9][0-9]* refused$' "$tmp/said"
}

for file in samples/simple_model.pkl samples/transformer.pkl; do
	ok "$file, cut and changed" sweeps "$file"
done
if sanitized; then
	skip "sanitizers are slow" "small files, cut and changed at every byte"
else
	gzip -dc tests/traces/functional.pkl.gz >"$tmp/functional.pkl"
	tries=1000000
	set -- samples/simple_model.pkl "$tmp/functional.pkl" \
	    samples/nested_specs.json styles/*.style
	if [ -n "${NNVIZ_WHOLE:-}" ]; then
		for file in tests/traces/*.pkl.gz; do
			whole=$tmp/${file##*/}
			# that which holds nothing is refused, whole too
			[ "${whole##*/}" = empty.pkl.gz ] ||
			    gzip -dc "$file" >"${whole%.gz}"
		done
		set -- samples/*.pkl samples/*.json styles/*.style "$tmp"/*.pkl
	fi
	for file in "$@"; do
		[ "$(wc -c <"$file")" -lt 100000 ] || continue
		ok "${file##*/}, cut and changed at every byte" sweeps "$file"
	done
fi
gzip -nc samples/simple_model.pkl >"$tmp/packed.gz"
"$NNVIZ" samples/simple_model.pkl -T json -o "$tmp/graph.json"
ok "a graph as JSON, cut and changed" sweeps "$tmp/graph.json"
if timeout 300 "$BUILD/tests/sweep" "$tmp/packed.gz" 7 >"$tmp/said" 2>&1; then
	pass "a packed trace, cut and changed"
else
	fail "a packed trace, cut and changed"
fi
not_ok "and a file that is not there is noticed" "$BUILD/tests/sweep" nowhere 1

done_testing
