#!/bin/sh
# The line on a terminal that says what is being waited for, and is gone at the
# end; nowhere else.
. "${0%/*}/../lib.sh"

cat >"$tmp/terminal.py" <<'PY'
import fcntl, os, pty, struct, sys, termios
# What a terminal is sent by a program on it: TERM, or TERM:COLUMNS.
term, _, columns = sys.argv[1].partition(":")
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = term
    fcntl.ioctl(0, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, int(columns or 80), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
out = b""
while True:
    try:
        part = os.read(fd, 65536)
    except OSError:
        break
    if not part:
        break
    out += part
status = os.waitpid(pid, 0)[1]
sys.stdout.buffer.write(out)
sys.exit(os.WEXITSTATUS(status))
PY
terminal() {
	run python3 "$tmp/terminal.py" "$@"
}
erase=$(printf '\r\033[K')

# Graphviz that never ends lays out for a second.
sanitized && skip_all "a sanitizer brings its own allocator"
NNVIZ_BREAK=hang LD_PRELOAD=$BUILD/tests/shim/breaking.so
export NNVIZ_BREAK
hung() {
	run env LD_PRELOAD="$LD_PRELOAD" python3 "$tmp/terminal.py" "$@"
}
hung xterm "$NNVIZ" samples/resnet.pkl -S timeout=1 -o "$tmp/x.svg"
is "$status" 1 "a layout that takes too long"
like "$out" "nnviz-c: laying out [0-9]+ boxes, 0 s" "is waited for in sight"
case $out in
*"$erase"nnviz-c:*"$erase"nnviz-c:\ samples/resnet.pkl:*) pass "then told" ;;
*) fail "then told" ;;
esac
is "$(printf '%s\n' "$out" | tr '\r' '\n' | grep -c 'boxes, 0 s')" 1 \
    "a line that says the same is not written again"
hung xterm:30 "$NNVIZ" samples/resnet.pkl -S timeout=1 -o "$tmp/x.svg"
is "$(printf '%s\n' "$out" | tr '\r' '\n' | sed -n 's/^.*\[K//p' |
    sed '/resnet.pkl/d' | awk 'length > 29 { print }')" "" \
    "no line of it goes on in the next row of the terminal"
for how in "dumb $NNVIZ" "xterm $NNVIZ -q" "xterm $NNVIZ -v"; do
	# shellcheck disable=SC2086 # words
	hung $how samples/resnet.pkl -S timeout=1 -o "$tmp/x.svg"
	unlike "$out" "$(printf '\033')" "no such line: ${how#*nnviz-c}"
done
unset NNVIZ_BREAK

terminal xterm "$NNVIZ" samples/resnet.pkl -o "$tmp/x.svg"
is "$status" 0 "one that does not"
is "${out##*"$erase"}" "" "leaves nothing"
unlike "$out" "laying out" "and says nothing of the layout"
terminal xterm "$NNVIZ" samples/resnet.pkl samples/transformer.pkl \
    --out-dir "$tmp/made" -J 1
like "$out" "nnviz-c: 1 of 2 models" "of several models their number"
is "${out##*"$erase"}" "" "and nothing at the end"
run "$NNVIZ" samples/resnet.pkl -o "$tmp/x.svg"
is "$err" "" "no terminal, no progress"

done_testing
