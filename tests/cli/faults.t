#!/bin/sh
# What others do to us: a Graphviz that breaks, memory that runs out, signals at
# any moment, inputs that never end. One line and the right status, the old
# picture or the new one, nothing left behind.
. "${0%/*}/../lib.sh"

sample=$top/samples/simple_model.pkl
pages=$top/samples/resnet18_traced.json
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
	for how in 'arrows:for some arrows no way around the boxes was found' \
	    'odd:Graphviz says "gizmo out of range"'; do
		run env NNVIZ_BREAK="${how%%:*}" LD_PRELOAD="$shims/breaking.so" \
		    "$NNVIZ" "$sample" -o out/said.svg
		says 0 "warning: .*${how#*:}" "a Graphviz that says ${how%%:*}"
		unlike "$err" 'libpath|seriously' "not in its own words"
		run env NNVIZ_BREAK="${how%%:*}" LD_PRELOAD="$shims/breaking.so" \
		    "$NNVIZ" "$pages" --pages -o out/said.pdf
		says 0 "warning: .*${how#*:}" "of many pages, ${how%%:*}"
	done
	rm -f out/said.*
	echo precious >out/old.svg
	for how in abort:'crashed with signal 6: .*Assertion' \
	    exit:'gave up with status 1' crash:'crashed with signal 11' \
	    hang:'took longer than 1 second:' fail:'could not lay'; do
		run env NNVIZ_BREAK="${how%%:*}" LD_PRELOAD="$shims/breaking.so" \
		    "$NNVIZ" "$sample" -S timeout=1 -o out/old.svg
		says 1 "${how#*:}" "a Graphviz that does ${how%%:*}"
	done
	is "$(cat out/old.svg)" precious "the old picture is still there"
	# Whatever breaks, there is a picture as long as a simpler one works.
	run env NNVIZ_BREAK=dot LD_PRELOAD="$shims/breaking.so" "$NNVIZ" \
	    "$sample" -o out/list.svg
	is "$status" 0 "a dot that always crashes"
	like "$err" "simpler after a fault \(.*signal 11\): -S hurry=3" "is told"
	run env NNVIZ_BREAK=frames LD_PRELOAD="$shims/breaking.so" "$NNVIZ" \
	    "$pages" -d 1 --pages -o out/frames.pdf
	is "$status" 0 "a page that dot entangles"
	like "$err" "the frames of a page: it has none" "is told"
	unlike "$err" "init_rank" "in words of our own"
	run env NNVIZ_BREAK=frames LD_PRELOAD="$shims/breaking.so" "$NNVIZ" \
	    "$pages" -d -1 -S columns=2 -o out/frames.svg
	is "$status" 0 "columns that it entangles"
	like "$err" "the frames of 2 of 2 columns: they have fewer or none" "is told"
	run env NNVIZ_BREAK=dot LD_PRELOAD="$shims/breaking.so" \
	    "$NNVIZ" "$pages" --pages --limit pages=2 -o out/list.pdf
	is "$status" 0 "two pages at which it crashes"
	like "$err" "page 1, ResNet, was made simpler after a fault .*signal 11" \
	    "are told, the first by name"
	rm -f out/list.* out/frames.*
	for how in abort:'crashed with signal 6: .*Assertion' \
	    crash:'crashed with signal 11$' fail:'could not lay'; do
		run env NNVIZ_BREAK="${how%%:*}" LD_PRELOAD="$shims/breaking.so" \
		    "$NNVIZ" -q "$pages" --pages -o out/old.pdf
		says 1 "page 1, ResNet: Graphviz ${how#*:}" \
		    "of many pages, ${how%%:*}"
	done
	run env NNVIZ_BREAK=pixels LD_PRELOAD="$shims/breaking.so" "$NNVIZ" \
	    "$sample" --layout-time 1 -o out/old.svg
	is "$status:$err" "0:" "a picture that is long in writing is no reason \
for a simpler layout"
fi

if sanitized || grep -q -e --coverage "$BUILD/flags"; then
	skip "what instruments needs memory itself" "memory that runs out"
else
	# scarce STEP ARG...: memory that runs out at each STEP-th allocation,
	# and all that follow, until the run says what it says unharmed: $whole.
	scarce() {
		scarce_step=$1
		shift
		bad=
		n=0
		while :; do
			n=$((n + scarce_step))
			run env NNVIZ_FAIL_AT="$n" \
			    LD_PRELOAD="$shims/scarce.so" "$NNVIZ" "$@"
			[ "$status:$err" != "$whole" ] || break
			if [ "$status" -ne 1 ] || [ "$n" -gt 199999 ] ||
			    [ "$(printf '%s\n' "$err" | wc -l)" -ne 1 ] ||
			    [ -z "${err##*differs*}" ]; then
				bad="$bad $n:$status:$err"
				break
			fi
		done
	}
	whole=0:
	scarce 1 "$sample" -T json -o out/scarce.json
	is "$bad" "" "each of $n allocations of reading may fail: one line"
	ok "and there are some" test "$n" -gt 20
	# Reading again, and then cgraph, which crashes in a child.
	scarce 7 "$sample" -T dot -o out/scarce.dot
	is "$bad" "" "each seventh of $n allocations of drawing may fail"
	ok "and cgraph has some of its own" test "$n" -gt 400
	scarce 1009 "$sample" -q -S timeout=2 --pages -o out/scarce.pdf
	is "$bad" "" "any of $n allocations of a page may fail"
	scarce 4007 "$pages" -q -S timeout=2 --pages -o out/scarce.pdf
	is "$bad" "" "any of $n allocations of pages may fail"
	scarce 3911 "$pages" -q -S timeout=2 -T atlas -o out/scarce
	is "$bad" "" "any of $n allocations of an atlas may fail"
	scarce 4507 "$pages" -q -S timeout=2 -S columns=3 -d -1 -o out/c.svg
	is "$bad" "" "any of $n allocations of columns may fail"
	# Graphviz says so of a plugin that it can do without.
	scarce 331 "$sample" -q -S timeout=2 -T svg -o out/scarce.svg
	is "$bad" "" "any of $n allocations of layout may fail"
	ok "and libgvc has some of its own" test "$n" -gt 2000

	# A check that lacks memory neither passes nor tells a difference.
	"$NNVIZ" -q "$sample" --level ops -T json -o other.json
	"$NNVIZ" -q "$sample" --level ops -T csv -o other.csv
	"$NNVIZ" -q "$sample" --level ops -o other.svg
	for check in 1:csv 3:json 997:svg; do
		run "$NNVIZ" -q "$sample" --check "other.${check#*:}"
		whole=$status:$err
		like "$whole" '^1:.*differs: ' "${check#*:}: they differ"
		scarce "${check%:*}" -q "$sample" -S timeout=2 \
		    --check "other.${check#*:}"
		is "$bad" "" "any of $n allocations of a check may fail"
	done
	whole=0:
	scarce 1013 "$sample" -q -S timeout=2 --check out/scarce.svg
	is "$bad" "" "any of $n allocations of a check that passes, too"

	# cgraph crashes
	like_once() {
		[ "$(printf '%s\n' "$1" | grep -Ec \
		    '^nnviz-c: .*(memory|Graphviz crashed)')" -eq 1 ]
	}
	# once RANGE ARG...: who lacks a single allocation says so, or lacks
	# nothing: the bytes are those of a run that has all.
	once() {
		once_range=$1
		shift
		"$NNVIZ" -q "$sample" "$@" -o out/whole
		bad=
		refused=0
		# shellcheck disable=SC2086 # words
		for n in $(seq $once_range); do
			rm -f out/once
			run env NNVIZ_FAIL_AT="$n" NNVIZ_FAIL_ONCE=1 \
			    LD_PRELOAD="$shims/scarce.so" \
			    "$NNVIZ" -q "$sample" "$@" -o out/once
			case $status in
			0) cmp -s out/whole out/once || bad="$bad $n:other" ;;
			1) refused=$((refused + 1))
			    like_once "$err" || bad="$bad $n:$err" ;;
			*) bad="$bad $n:$status" ;;
			esac
		done
	}
	once '1 1 470' -T json
	is "$bad" "" "each single allocation of a graph may fail"
	ok "$refused of them do" test "$refused" -gt 300
	once '200 2 400' -T table
	is "$bad" "" "each second single allocation of a table may fail"
	ok "$refused of them do" test "$refused" -gt 50
	once '470 3 640' -T dot
	is "$bad" "" "each third single allocation of a drawing may fail"
	ok "$refused of them do" test "$refused" -gt 40
fi

# Nowhere to put it.
run "$NNVIZ" "$pages" --pages -T pdf -o /dev/full
says 1 'No space left on device' "pages for a full device"
"$NNVIZ" "$pages" --pages -T pdf -o - >/dev/full 2>full.err
is "$?" 1 "status 1: pages for a full standard output"
"$NNVIZ" -q "$pages" -T atlas -o atlas
cp -r atlas light
(ulimit -f 8 && exec "$NNVIZ" "$pages" -T atlas -o atlas \
    --theme "$top/styles/dark.style") 2>quota.err
is "$?" 1 "status 1: an atlas and a limit on the size of files"
like "$(cat quota.err)" 'cannot write: File too large' "and the reason"
ok "the old atlas is still there" diff -r atlas light

# Signals at any moment. Each picture is the old one or the new one.
"$NNVIZ" "$sample" -T svg -o whole.svg
cp whole.svg out/old.svg
"$NNVIZ" -q "$pages" -T atlas -o dark --theme "$top/styles/dark.style"
moments() {
	awk -v n="$1" -v ms="$2" \
	    'BEGIN { for (i = 0; i < n; i++) print i * ms / n / 1000 }'
}
signals() {
	for delay in $(moments "$2" 60); do
		"$NNVIZ" "$sample" -o out/old.svg 2>/dev/null &
		sleep "$delay"
		kill -"$1" $! 2>/dev/null
		wait $!
		cmp -s out/old.svg whole.svg || return 1
	done
} 2>/dev/null
# of an atlas that is drawn dark over a light one, or the other way round
signals_atlas() {
	style=dark
	for delay in $(moments "$2" 160); do
		"$NNVIZ" -q "$pages" -T atlas -o out/atlas \
		    --theme "$top/styles/$style.style" 2>/dev/null &
		sleep "$delay"
		kill -"$1" $! 2>/dev/null
		wait $!
		for page in out/atlas/*.svg; do
			cmp -s "$page" "dark/${page##*/}" ||
			    cmp -s "$page" "light/${page##*/}" || return 1
		done
		[ "$style" = dark ] && style=light || style=dark
	done
} 2>/dev/null
cp -r light out/atlas
for signal in INT TERM HUP; do
	ok "SIG$signal: the old picture, or the new one" signals "$signal" 12
	ok "SIG$signal: of an atlas, too" signals_atlas "$signal" 12
done
is "$(find out -name '.nnviz-*')" "" "and no temporary file stays"
ok "SIGKILL: the old picture, or the new one" signals KILL 60
ok "SIGKILL: of an atlas, too" signals_atlas KILL 30
find out -name '.nnviz-*' >left
ok "at most what SIGKILL left is left" test "$(wc -l <left)" -le 200
rm -f out/.nnviz-* out/atlas/.nnviz-*
run "$NNVIZ" -q "$pages" -T atlas -o out/atlas --theme \
    "$top/styles/dark.style"
ok "and the next run draws it whole" diff -r dark out/atlas

# Who is killed takes along what works for it. All of them hold the end of a pipe
# that this script reads; it ends with the last of them.
cat >slow.py <<'E'
import json, random
random.seed(1)
n = 3000
nodes = {str(i): {"node_type": "op", "op": "relu", "name": f"n{i}",
    "path": [f"n{i}"]} for i in range(1, n)}
nodes["0"] = {"node_type": "input", "name": "x", "path": ["x"]}
nodes["y"] = {"node_type": "output", "name": "y", "path": ["y"]}
print(json.dumps({"nodes": nodes, "edges":
    [[str(random.randrange(i)), str(i), str(i), None]
        for i in range(1, n) for _ in range(3)] +
    [[str(i), "y", str(i), None] for i in range(1, n, 7)]}))
E
python3 slow.py >slow.json
cp slow.json slow2.json
cat >alone.py <<'E'
import os, select, signal, subprocess, sys, time
how, *command = sys.argv[1:]
ours, theirs = os.pipe()
run = subprocess.Popen(command, stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[theirs],
    start_new_session=True)
os.close(theirs)
time.sleep(2)
if run.poll() is not None or select.select([ours], [], [], 0)[0]:
    sys.exit("it was done before it was killed")
run.send_signal(getattr(signal, how))
run.wait()
if not select.select([ours], [], [], 5)[0]:
    os.killpg(run.pid, signal.SIGKILL)
    sys.exit("something went on")
E
# All arrows in one piece: nothing draws that within seconds.
slow="-S columns=1 -S long_arrows=draw -S timeout=100"
if [ "$(uname)" = Linux ]; then
	# shellcheck disable=SC2086 # options are words
	for signal in SIGTERM SIGKILL; do
		ok "$signal: nothing goes on drawing" python3 alone.py $signal \
		    "$NNVIZ" -q slow.json -d -1 --fold none $slow -o slow.svg
		ok "$signal: nor do several models" python3 alone.py $signal \
		    "$NNVIZ" -q slow.json slow2.json -d -1 --fold none \
		    $slow -T svg --out-dir slow
	done
	is "$(find . -name '.nnviz-*')" "" "and no temporary file stays"
fi

# A directory that vanishes while its picture is drawn.
mkdir gone
"$NNVIZ" "$top/samples/resnet.pkl" -d -1 -o gone/x.svg 2>gone.err &
rmdir gone
wait $!
is "$?" 1 "a directory that vanished is a failure"
like "$(cat gone.err)" 'cannot write: there is no such' "with its reason"

done_testing
