#!/bin/sh
# Same input and options, same bytes: whatever addresses memory has, wherever
# and whenever the program runs, in any language. NNVIZ_RUNS runs of each sample
# and format (a handful unless it says more: see make determinism).
# shellcheck disable=SC2317 # ok calls what is defined here
. "${0%/*}/lib.sh"

runs=${NNVIZ_RUNS:-4}
shuffle=$BUILD/tests/shim/shuffle.so
! sanitized || shuffle=
export shuffle runs

# elsewhere I ARGUMENT...: the program in surroundings of number I.
elsewhere() {
	i=$1
	shift
	mkdir -p "$tmp/home$i/tmp"
	case $((i % 4)) in
	0) zone=UTC language=C ;;
	1) zone=Asia/Tokyo language=de_DE.UTF-8 ;;
	2) zone=America/St_Johns language=tr_TR.UTF-8 ;;
	3) zone=:/nonexistent language=nowhere ;;
	esac
	(
		cd "$tmp/home$i" &&
		    env LD_PRELOAD="$shuffle" TZ="$zone" LC_ALL="$language" \
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
	elsewhere 0 "$steady_model" "$@" -T "$steady_format" -o "$tmp/first" ||
	    return
	run=1
	while [ "$run" -lt "$runs" ]; do
		elsewhere "$run" "$steady_model" "$@" -T "$steady_format" \
		    -o "$tmp/other" || return
		cmp "$tmp/first" "$tmp/other" || return
		run=$((run + 1))
	done
}

for sample in simple_model.pkl transformer.pkl resnet.pkl resnet_train.pkl \
    nested_specs.json resnet18_traced.json; do
	for format in svg pdf png dot json table; do
		ok "$sample as $format" steady "$sample" "$format" -d 1
	done
done
ok "all of a network" steady resnet.pkl svg -d -1
ok "its ops" steady simple_model.pkl svg --level ops -d -1
ok "all of its phases" steady resnet_train.pkl dot --phase all -d -1

# The shim does shuffle, or this file would prove nothing.
if [ -n "$shuffle" ]; then
	cat >"$tmp/address.c" <<'E'
#include <stdio.h>
#include <stdlib.h>
int main(void) {
	char *p = malloc(40), *q;
	long sum = 0;
	for (int i = 1; i < 500; i++) {
		q = malloc(40);
		sum = sum * 31 + (q - p);
		p = q;
	}
	printf("%ld\n", sum);
	return 0;
}
E
	cc -o "$tmp/address" "$tmp/address.c"
	one=$(LD_PRELOAD="$shuffle" "$tmp/address")
	two=$(LD_PRELOAD="$shuffle" "$tmp/address")
	ok "the shim shuffles addresses" test "$one" != "$two"
fi

done_testing
