#!/bin/sh
# Inputs that cannot be drawn: one line with file, place and reason, status 1,
# and what was there before stays there.
. "${0%/*}/../lib.sh"

# refuses FILE ERE NAME
refuses() {
	echo precious >"$tmp/out.svg"
	run "$NNVIZ" "$1" -o "$tmp/out.svg"
	is "$status:$out" "1:" "status 1: $3"
	is "$(printf '%s\n' "$err" | wc -l)" 1 "one line: $3"
	like "$err" "^nnviz-c: $2\$" "the reason: $3"
	is "$(cat "$tmp/out.svg")" precious "the output is untouched: $3"
}

cd "$tmp" || exit 1

refuses missing.pkl 'missing\.pkl: .*No such file or directory' "a missing file"
mkdir folder
refuses folder 'folder: .*directory' "a directory"
: >empty.pkl
refuses empty.pkl 'empty\.pkl: .*empty' "an empty file"
head -c 2000 "$top/samples/simple_model.pkl" >cut.pkl
refuses cut.pkl 'cut\.pkl: @[0-9]+: .*ends.*' "a trace that was cut"
printf 'cos\nsystem\n(S"true"\ntR.' >unsafe.pkl
refuses unsafe.pkl 'unsafe\.pkl: @0: refers to Python object os\.system: only plain data is read' \
    "a pickle that would run a program"
printf '\200\004\225\013\000\000\000\000\000\000\000\214\005hello\224.' >text.pkl
refuses text.pkl 'text\.pkl: .*' "a pickle that is no trace"
echo '{"nodes": {' >cut.json
refuses cut.json 'cut\.json: [0-9]+:[0-9]+: .*' "JSON that was cut"
echo '{}' >nothing.json
refuses nothing.json 'nothing\.json: .*' "an empty document"
echo '{"nodes": {"a": 1}, "edges": []}' >schema.json
refuses schema.json 'schema\.json: .*nodes.*' "JSON with another schema"
echo 'just text' >plain.txt
refuses plain.txt 'plain\.txt: .*' "what is neither"
printf 'BZh91AY&SY' >trace.pkl.bz2
refuses trace.pkl.bz2 'trace\.pkl\.bz2: .*bzip2.*' "what another program unpacks"
printf '\037\213\010\000\000\000\000\000\000\003\001\002' >bad.pkl.gz
refuses bad.pkl.gz 'bad\.pkl\.gz: .*' "a container that is damaged"
refuses "$(printf 'no\nsuch\033[31mfile')" '.*no such file: .*' \
    "a name that would forge a line"

if [ "$(id -u)" -eq 0 ]; then
	skip "root reads everything" "an unreadable file"
else
	cp "$top/samples/simple_model.pkl" secret.pkl
	chmod 000 secret.pkl
	refuses secret.pkl 'secret\.pkl: .*Permission denied' "an unreadable file"
fi

# The containers that are opened.
gzip -c "$top/samples/simple_model.pkl" >packed.pkl.gz
run "$NNVIZ" packed.pkl.gz -T dot -o packed.dot
is "$status:$err" "0:" "gzip is opened"
python3 -c 'import sys, zlib
sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read()))' \
    <"$top/samples/simple_model.pkl" >packed.bin
run "$NNVIZ" packed.bin -T dot -o zlib.dot
is "$status:$err" "0:" "zlib is opened, whatever its name"
python3 - "$top/samples/simple_model.pkl" <<'E'
import sys, zipfile
with zipfile.ZipFile("packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.write(sys.argv[1], "simple_model.pkl")
E
run "$NNVIZ" packed.zip -T dot -o zip.dot
is "$status:$err" "0:" "zip is opened"
cp "$top/samples/resnet18_traced.json" disguised.pkl
run "$NNVIZ" disguised.pkl -T dot -o disguised.dot
is "$status:$err" "0:" "the contents decide, not the suffix"

# Arrows that lead nowhere are counted, and what is there is drawn.
echo '{"nodes": {"a": {"node_type": "input", "name": "a", "path": ["a"]},
"b": {"node_type": "output", "name": "b", "path": ["b"]}},
"edges": [["a", "b", "a", null], ["a", "zz", "a", null],
["yy", "b", "a", null], ["q", "r", "a", null]]}' >dangling.json
run "$NNVIZ" dangling.json -T dot -o dangling.dot
is "$status:$err" "0:nnviz-c: dangling.json: warning: edges[1]: target \"zz\" is not among the nodes (and 3 more)" \
    "ends of arrows that are no nodes are counted"
is "$(grep -cE '^[[:space:]]*[^ ]+ -> ' dangling.dot)" 4 "and drawn as strangers"

# A style that says nothing, and one that is empty, as after a full disk.
printf '# nothing\n\n' >comment.style
run "$NNVIZ" -q dangling.json --theme ./comment.style -T dot -o styled.dot
is "$status:$err" "0:" "a style of comments"
ok "changes nothing" cmp styled.dot dangling.dot
: >empty.style
run "$NNVIZ" -q dangling.json --theme ./empty.style -T dot -o styled.dot
is "$status:$err" \
    '1:nnviz-c: style file "./empty.style": the file is empty' \
    "an empty style is told"
: >empty.rules
run "$NNVIZ" -q dangling.json --rules empty.rules -T dot -o styled.dot
is "$status:$err" "1:nnviz-c: empty.rules: the file is empty" \
    "and so are empty rules"

done_testing
