#!/bin/sh
# Same input and options, same bytes: whatever addresses memory has, wherever
# and whenever the program runs, for whom, in any language. NNVIZ_RUNS runs of
# each sample and format (a handful unless it says more: see make determinism).
# shellcheck disable=SC2317 # ok calls what is defined here
. "${0%/*}/lib.sh"

runs=${NNVIZ_RUNS:-4}
shuffle=$BUILD/tests/shim/shuffle.so
! sanitized || shuffle=
# Another user, where this one may become that.
nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
chmod 755 "$tmp"
# shellcheck disable=SC2086 # words
if ! $nobody "$NNVIZ" -q "$top/samples/simple_model.pkl" -T dot -o - \
    >"$tmp/probe" 2>/dev/null || [ ! -s "$tmp/probe" ]; then
	nobody=
fi
export shuffle runs nobody

# elsewhere I ARGUMENT...: the program in surroundings of number I.
elsewhere() {
	i=$1
	shift
	mkdir -p "$tmp/home$i/tmp"
	chmod 777 "$tmp/home$i" "$tmp/home$i/tmp"
	case $((i % 4)) in
	0) zone=UTC language=C who= ;;
	1) zone=Asia/Tokyo language=de_DE.UTF-8 who=$nobody ;;
	2) zone=America/St_Johns language=tr_TR.UTF-8 who= ;;
	3) zone=:/nonexistent language=nowhere who=$nobody ;;
	esac
	# shellcheck disable=SC2086 # words
	(
		cd "$tmp/home$i" &&
		    $who env LD_PRELOAD="$shuffle" TZ="$zone" LC_ALL="$language" \
			HOME="$tmp/home$i" TMPDIR="$tmp/home$i/tmp" \
			SOURCE_DATE_EPOCH="$i" USER="user$i" \
			"$NNVIZ" -q "$@"
	)
}

# steady SAMPLE FORMAT ARGUMENT...: all runs give the same bytes.
steady() {
	steady_model=$top/samples/$1
	steady_format=$2
	shift 2
	elsewhere 0 "$steady_model" "$@" -T "$steady_format" -o out || return
	run=1
	while [ "$run" -lt "$runs" ]; do
		elsewhere "$run" "$steady_model" "$@" -T "$steady_format" \
		    -o out || return
		diff -r "$tmp/home0/out" "$tmp/home$run/out" || return
		rm -rf "${tmp:?}/home$run"
		run=$((run + 1))
	done
	rm -rf "$tmp/home0"
}

for sample in samples/*.pkl samples/*.json; do
	sample=${sample#samples/}
	for format in svg pdf png dot json table; do
		ok "$sample as $format, $runs times" \
		    steady "$sample" "$format" -d 1
	done
done
ok "all of a network" steady resnet.pkl svg -d -1
ok "in columns" steady resnet.pkl svg -d -1 -S columns=3
ok "its ops" steady simple_model.pkl svg --level ops -d -1
ok "all of its phases" steady resnet_train.pkl dot --phase all -d -1
ok "its pages" steady resnet.pkl pdf --pages
ok "a folder of them" steady resnet.pkl atlas
if [ -n "$nobody" ]; then
	pass "every second time by another user"
else
	skip "only root becomes another user" "every second time by another user"
fi

# The shim does shuffle and knows no date, or this file would prove nothing.
if [ -n "$shuffle" ]; then
	cat >"$tmp/address.c" <<'E'
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int main(void) {
	char *p = malloc(40), *q;
	long sum = 0;
	for (int i = 1; i < 500; i++) {
		q = malloc(40);
		sum = sum * 31 + (q - p);
		p = q;
	}
	printf("%ld %ld\n", sum, (long)time(NULL));
	return 0;
}
E
	cc -o "$tmp/address" "$tmp/address.c"
	one=$(LD_PRELOAD="$shuffle" "$tmp/address")
	two=$(LD_PRELOAD="$shuffle" "$tmp/address")
	ok "the shim shuffles addresses" test "${one% *}" != "${two% *}"
	ok "and dates" test "${one#* }" != "${two#* }"
fi

done_testing
