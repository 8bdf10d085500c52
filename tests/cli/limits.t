#!/bin/sh
# --limit: what is reached is named, what is raised is drawn, what is wrong is
# refused; and the manual tells the same limits as the help.
. "${0%/*}/../lib.sh"

sample=$top/samples/resnet.pkl

# reaches NAME=VALUE ERE ARGUMENT...: one line that says which, status 1.
reaches() {
	reaches_limit=$1
	reaches_text=$2
	shift 2
	run "$NNVIZ" -q "$@" --limit "$reaches_limit" -T svg -o -
	is "$status:$out" "1:" "status 1: --limit $reaches_limit"
	like "$err" \
	    "^nnviz-c: .*$reaches_text.*: --limit ${reaches_limit%=*}=N allows more\$" \
	    "and the line says so"
	is "$(printf '%s\n' "$err" | wc -l)" 1 "which is one: $reaches_limit"
}

echo '{"nodes": {"a": [[[1]]]}, "edges": []}' >"$tmp/deep.json"
gzip -c "$sample" >"$tmp/packed.pkl.gz"
python3 -c 'import pickle, sys
pickle.dump({"node_data": {}, "x": [[] for i in range(99999)]},
    open(sys.argv[1], "wb"))' "$tmp/many.pkl"
reaches input=1000 'input larger than the limit of 1000 bytes' "$sample"
reaches input=512K 'contents larger than the limit of 512 KiB' \
    "$tmp/packed.pkl.gz"
reaches memory=1M 'more memory than the limit of 1 MiB' "$tmp/many.pkl"
reaches depth=3 'nested deeper than 3' "$tmp/deep.json"
for n in 1000 1048577; do
	python3 -c 'import sys
text = open(sys.argv[1]).read()
print(text.replace("\"name\": \"conv1\"",
    "\"name\": \"%s\"" % ("x" * int(sys.argv[2])), 1))' \
	    "$top/samples/resnet18_traced.json" $n >"$tmp/name$n.json"
done
reaches label=999 'a name larger than the limit of 999 bytes' \
    "$tmp/name1000.json"
run "$NNVIZ" -q "$tmp/name1000.json" --limit label=1000 -T dot -o "$tmp/x"
is "$status:$err" "0:" "what is as long as a name may be is drawn"
reaches label=1M 'a name larger than the limit of 1 MiB' "$tmp/name1048577.json"
run "$NNVIZ" -q "$tmp/name1048577.json" -T dot -o "$tmp/x"
is "$status" 1 "names are limited unasked"
run "$NNVIZ" -q "$tmp/name1048577.json" --limit label=2M -T dot -o "$tmp/x"
is "$status:$err" "0:" "unless that is raised"
reaches nodes=3 'a drawing of [0-9]+ boxes' "$sample"

run "$NNVIZ" -q "$sample" --limit nodes=3 --limit nodes=500 -T svg -o "$tmp/x"
is "$status:$err" "0:" "the last one counts"
run "$NNVIZ" -q "$sample" --limit nodes=3 -T dot -o "$tmp/x"
is "$status:$err" "0:" "what is not laid out may be large"
python3 -c 'print("{\"nodes\": " + "[" * 600 + "]" * 600 + "}")' \
    >"$tmp/deeper.json"
run "$NNVIZ" "$tmp/deeper.json" -T dot -o -
like "$err" 'nested deeper than 512' "the depth is limited"
run "$NNVIZ" "$tmp/deeper.json" --limit depth=1000 -T dot -o -
unlike "$err" 'nested' "unless it is raised"

for wrong in input=99999999999G input=1025G nodes=x nodes= nodes nodes=0 nodes=-1 nodes=1K input=1X \
    input=99999999999999999999 time=99999999 frob=1 =1 ''; do
	run "$NNVIZ" "$sample" --limit "$wrong" -o "$tmp/x"
	is "$status:$out" "2:" "status 2: --limit \"$wrong\""
	like "$err" '^nnviz-c: --limit' "and a line why"
done

# What a file may cost: 24 bytes for each of its own, and what any run takes.
python3 - "$tmp" <<'E'
import sys
n = 1 << 21
for name, data in {
        "lists.pkl": b"\x80\x02](" + b"]" * n + b"e.",
        "dicts.pkl": b"\x80\x02](" + b"}" * n + b"e.",
        "tuples.pkl": b"\x80\x02](" + b"N\x85" * (n // 2) + b"e.",
        "nested.pkl": b"\x80\x02" + b"]" * n + b"a" * (n - 1) + b".",
        "marks.pkl": b"\x80\x02" + b"(" * n + b".",
        "memo.pkl": b"\x80\x04](" + b"N\x94" * (n // 2) + b"e.",
        "lists.json": b"[" + b"[]," * (n // 3) + b"[]]",
        "keys.json": b"{%s}" % b",".join(b'"%x":1' % i
            for i in range(n // 9))}.items():
    with open(f"{sys.argv[1]}/costs.{name}", "wb") as file:
        file.write(data)
E
cat >"$tmp/peak.py" <<'E'
import os, sys
pid = os.fork()
if pid == 0:
    os.dup2(os.open("/dev/null", os.O_RDWR), 2)
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024)
E
if sanitized; then
	skip "a sanitizer takes memory of its own" "what a file costs"
else
	for file in "$tmp"/costs.*; do
		read -r cost_status cost <<E
$(python3 "$tmp/peak.py" "$NNVIZ" -q "$file" -T dot -o "$tmp/x")
E
		size=$(wc -c <"$file")
		is "$cost_status" 1 "${file##*/} is no model"
		ok "and cost $((cost / size)) bytes a byte" \
		    test "$cost" -lt $((24 * size + (12 << 20)))
		ok "as it was read" test "$cost" -gt "$size"
	done
fi

# A million tiny nodes cost far more as a graph than as a file: what is made of
# it counts as well.
python3 - "$tmp" <<'E'
import sys
n = 200000
nodes = ",".join('"%x":{"name":"","op":""}' % i for i in range(n))
edges = ",".join('["%x","%x","",null]' % (i, i + 1) for i in range(n - 1))
open(sys.argv[1] + "/tiny.json", "w").write(
    '{"nodes":{%s},"edges":[%s]}' % (nodes, edges))
E
for tiny_limit in 16M 40M 80M; do
	reaches memory=$tiny_limit "more memory than the limit of ${tiny_limit%M} MiB" \
	    "$tmp/tiny.json" -d 1 --keep
	if ! sanitized; then
		read -r cost_status cost <<E
$(python3 "$tmp/peak.py" "$NNVIZ" -q "$tmp/tiny.json" --keep -d 1 -T dot \
    -o "$tmp/x" --limit memory=$tiny_limit)
E
		ok "and $((cost >> 20)) MiB are taken" \
		    test "$cost" -lt $(((${tiny_limit%M} + 16) << 20))
	fi
done
run "$NNVIZ" -q "$tmp/tiny.json" --keep -T table -o "$tmp/x" --limit memory=1G
is "$status:$err" "0:" "with more it is drawn"
run "$NNVIZ" -q "$sample" -o "$tmp/x" -T svg --limit memory=8M
is "$status:$err" "0:" "what is small needs little"

"$NNVIZ" --help | unfold | sed -n '/^Limits/,/^Exit/s/^  \([a-z]*\) .*(\(.*\))$/\1 \2/p' \
    >"$tmp/help"
sed -n 's/^\.It Cm \([a-z]*\) Ta \([0-9A-Z]*\) Ta .*/\1 \2/p' man/nnviz-c.1 \
    >"$tmp/manual"
ok "the help tells of limits" test -s "$tmp/help"
is "$(cat "$tmp/manual")" "$(cat "$tmp/help")" "the manual tells the same"

done_testing
