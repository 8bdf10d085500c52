#!/bin/sh
# What others do to us: a Graphviz that breaks, memory that runs out, signals at
# any moment, inputs that never end. One line and the right status, the old
# picture or the new one, nothing left behind.
. "${0%/*}/../lib.sh"

sample=$top/samples/simple_model.pkl
shims=$BUILD/tests/shim
cd "$tmp" || exit 1
mkdir out

# says STATUS ERE NAME: after run: the status, and one line like that.
says() {
	is "$status:$out" "$1:" "status $1: $3"
	is "$(printf '%s\n' "$err" | wc -l)" 1 "one line: $3"
	like "$err" "^nnviz-c: .*$2" "the reason: $3"
}

# Inputs that are no files, or have no end.
run timeout 60 "$NNVIZ" /dev/zero -o out/x.svg --limit input=64K
says 1 'input larger than the limit' "/dev/zero"
truncate -s 1T sparse.pkl 2>/dev/null || truncate -s 8G sparse.pkl
run timeout 60 "$NNVIZ" sparse.pkl -o out/x.svg
says 1 'input larger than the limit' "a sparse file of a terabyte"
ln -s loop.pkl loop.pkl
run "$NNVIZ" loop.pkl -o out/x.svg
says 1 'symbolic links' "a link to itself"
mkfifo fifo.pkl
cat "$sample" >fifo.pkl &
run timeout 60 "$NNVIZ" fifo.pkl -T svg -o out/fifo.svg
is "$status:$err" "0:" "a fifo is read"
(ulimit -f 8 && exec "$NNVIZ" "$sample" -o out/quota.svg) 2>quota.err
is "$?" 1 "status 1: a limit on the size of files"
like "$(cat quota.err)" 'cannot write: File too large' "and the reason"
is "$(ls -A out)" "fifo.svg" "and nothing is left"

# A Graphviz that breaks.
if sanitized; then
	skip "a sanitizer brings its own allocator" "a Graphviz that breaks"
else
	echo precious >out/old.svg
	for how in abort:'crashed with signal 6: .*Assertion' \
	    exit:'gave up with status 1' crash:'crashed with signal 11' \
	    hang:'took longer than 1 seconds' fail:'could not lay'; do
		run env NNVIZ_BREAK="${how%%:*}" LD_PRELOAD="$shims/breaking.so" \
		    "$NNVIZ" "$sample" -S timeout=1 -o out/old.svg
		says 1 "${how#*:}" "a Graphviz that does ${how%%:*}"
	done
	is "$(cat out/old.svg)" precious "the old picture is still there"

fi

if sanitized || grep -q -e --coverage "$BUILD/flags"; then
	skip "what instruments needs memory itself" "memory that runs out"
else
	# scarce STEP ARG...: memory that runs out at each STEP-th allocation.
	scarce() {
		scarce_step=$1
		shift
		bad=
		n=0
		status=1
		while [ "$status" -ne 0 ] && [ "$n" -lt 99999 ] &&
		    [ -z "$bad" ]; do
			n=$((n + scarce_step))
			run env NNVIZ_FAIL_AT="$n" \
			    LD_PRELOAD="$shims/scarce.so" "$NNVIZ" "$sample" "$@"
			case $status in
			0) [ -z "$err" ] || bad="$bad $n:said" ;;
			1) [ "$(printf '%s\n' "$err" | wc -l)" -eq 1 ] ||
			    bad="$bad $n:lines" ;;
			*) bad="$bad $n:$status" ;;
			esac
		done
	}
	scarce 1 -T json -o out/scarce.json
	is "$bad" "" "each of $n allocations of reading may fail: one line"
	ok "and there are some" test "$n" -gt 20
	# Reading again, and then cgraph, which crashes in a child.
	scarce 7 -T dot -o out/scarce.dot
	is "$bad" "" "each seventh of $n allocations of drawing may fail"
	ok "and cgraph has some of its own" test "$n" -gt 400
	scarce 1009 -q -S timeout=2 --pages -o out/scarce.pdf
	is "$bad" "" "any of $n allocations of pages may fail"
	# Graphviz says so of a plugin that it can do without.
	scarce 331 -q -S timeout=2 -T svg -o out/scarce.svg
	is "$bad" "" "any of $n allocations of layout may fail"
	ok "and libgvc has some of its own" test "$n" -gt 2000
fi

# Signals at any moment.
"$NNVIZ" "$sample" -T svg -o whole.svg
cp whole.svg out/old.svg
signals() {
	for delay in 0 .002 .005 .01 .02 .03 .05; do
		"$NNVIZ" "$sample" -o out/old.svg 2>/dev/null &
		sleep "$delay"
		kill -"$1" $! 2>/dev/null
		wait $!
		cmp -s out/old.svg whole.svg || return 1
	done
} 2>/dev/null
for signal in INT TERM HUP KILL; do
	ok "SIG$signal: the old picture, or the new one" signals "$signal"
done
find out -name '.nnviz-*' >left
ok "at most what SIGKILL left is left" test "$(wc -l <left)" -le 7
rm -f out/.nnviz-*
signals TERM
is "$(find out -name '.nnviz-*')" "" "SIGTERM leaves no temporary file"

# A directory that vanishes while its picture is drawn.
mkdir gone
"$NNVIZ" "$top/samples/resnet.pkl" -d -1 -o gone/x.svg 2>gone.err &
rmdir gone
wait $!
is "$?" 1 "a directory that vanished is a failure"
like "$(cat gone.err)" 'cannot write: there is no such' "with its reason"

done_testing
