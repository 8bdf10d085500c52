#!/bin/sh
# What the program says of a damaged file: a drawing, or one line that names the
# file, and status 1. Every byte of small files is tried without the program,
# see tests/sweep.t; here it is some dozens of places, and the whole program.
. "${0%/*}/../lib.sh"

# damage FILE PLACE N HOW: FILE cut at, or with a changed byte at, the PLACE-th
# of N places in it.
damage() {
	python3 -c 'import sys
path, place, n, how = sys.argv[1:]
with open(path, "rb") as file:
    data = bytearray(file.read())
at = len(data) * int(place) // int(n)
if how == "cut":
    del data[at:]
else:
    data[at] ^= (1, 128, 255)[int(place) % 3]
sys.stdout.buffer.write(data)' "$@"
}

# tries STATUS:LINES FILE ARGUMENT...: draws what is left of FILE, which is
# $tmp/at and the suffix of FILE, and notes what is neither drawn nor refused
# with that status and so many lines.
tries() {
	tries_refusal=$1
	tries_file=$2
	shift 2
	tries_odd=
	tries_refused=0
	tries_place=0
	while [ "$tries_place" -lt 12 ]; do
		for how in cut changed; do
			damage "$tries_file" $tries_place 12 $how \
			    >"$tmp/at.${tries_file##*.}"
			run "$NNVIZ" -q "$@" -T svg -o "$tmp/x.svg"
			case $status:$(printf %s "$err" | grep -c '') in
			0:0)	drawn=$((drawn + 1)) ;;
			"$tries_refusal")	tries_refused=$((tries_refused + 1)) ;;
			*)	tries_odd="$tries_odd $how-$tries_place:$status" ;;
			esac
			case $err in
			'' | 'nnviz-c: '*"$tmp/at."*) ;;
			*)	tries_odd="$tries_odd $how-$tries_place:$err" ;;
			esac
		done
		tries_place=$((tries_place + 1))
	done
	is "$tries_odd" "" "${tries_file##*/} is drawn or refused in a line"
	ok "and refused where that is due: $tries_refused" \
	    [ $tries_refused -gt 0 ]
}

drawn=0
gzip -nc samples/simple_model.pkl >"$tmp/packed.gz"
tries 1:1 samples/simple_model.pkl "$tmp/at.pkl"
tries 1:1 samples/resnet18_traced.json "$tmp/at.json"
tries 1:1 styles/print.style samples/simple_model.pkl --theme "$tmp/at.style"
tries 1:1 "$tmp/packed.gz" "$tmp/at.gz"
ok "and some is drawn as well: $drawn" [ $drawn -gt 0 ]

# A file that ends too early is called that, wherever it ends.
for n in 1 2 5 100 20000 31000; do
	head -c $n samples/simple_model.pkl >"$tmp/cut.pkl"
	run "$NNVIZ" "$tmp/cut.pkl" -T dot -o "$tmp/x"
	like "$status:$err" '^1:nnviz-c: .*: the file is cut short or damaged$' \
	    "$n bytes of a pickle are cut short"
done

done_testing
