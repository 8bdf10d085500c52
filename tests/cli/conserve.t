#!/bin/sh
# What no view may change, on every recording and graph at hand, in views that
# are made up for each: see tests/tools/conserve. NNVIZ_VIEWS is the share of
# the views that is tried, 1 being all of them, which takes minutes.
. "${0%/*}/../lib.sh"

if sanitized; then
	share=${NNVIZ_VIEWS:-0.02}
else
	share=${NNVIZ_VIEWS:-0.05}
fi

# A program that loses something must be found out. It changes what the real
# one says of any view but that of the whole.
cat >"$tmp/broken.py" <<'P'
import json, os, subprocess, sys

args, what = sys.argv[1:], os.environ["BREAK"]
done = subprocess.run([os.environ["REAL"], *args], stdout=subprocess.PIPE)
if done.returncode or "none" in args and "-1" in args and len(args) < 12:
    sys.stdout.buffer.write(done.stdout)
    sys.exit(done.returncode)
graph = json.loads(done.stdout)
boxes = [node for node in graph["nodes"].values()
         if node["node_type"] in ("op", "collapsed")]
if what == "macs":
    boxes[-1]["macs"] = boxes[-1].get("macs", 0) + 1
elif what == "parameters":
    for box in boxes:
        box.pop("parameters", None)
elif what == "arrow":
    graph["edges"].pop()
elif what == "shortcut":
    first, *_, last = graph["nodes"]
    graph["edges"].append([first, last, "new", None])
elif what == "box":
    graph["nodes"].popitem()
    graph["edges"] = [e for e in graph["edges"] if e[1] in graph["nodes"]]
elif what == "order":
    graph["nodes"] = dict(reversed(graph["nodes"].items()))
print(json.dumps(graph))
P
printf '#!/bin/sh\nexec python3 "%s" "$@"\n' "$tmp/broken.py" >"$tmp/broken"
chmod +x "$tmp/broken"
REAL=$NNVIZ
export REAL
for what in macs parameters arrow shortcut box order; do
	BREAK=$what tests/tools/conserve "$tmp/broken" 1 0.2 \
	    samples/simple_model.pkl >"$tmp/said"
	like "$(cat "$tmp/said")" "^bad simple_model.pkl" \
	    "a program that loses its $what is found out"
done

set -- samples/*.pkl samples/*.json tests/traces/*.gz
if shared=$(shared_dir); then
	set -- "$@" "$shared"/traces/*.pkl* "$shared"/nnviz/graphs/*.json
else
	skip "no shared directory" "more recordings and graphs"
fi
tests/tools/conserve "$NNVIZ" seed "$share" "$@" >"$tmp/said" 2>&1
ended=$?
while read -r kind name rest; do
	case $kind in
	ok) pass "nothing is lost of ${name%:}, $rest" ;;
	none) pass "nothing is drawn of ${name%:}" ;;
	*)
		fail "$name"
		diag "$kind $rest"
		;;
	esac
done <"$tmp/said"
is "$ended" 0 "$(grep -c . "$tmp/said") inputs, \
$(awk '$1 == "ok" { n += $3 } END { print n }' "$tmp/said") views"

done_testing
