#!/bin/sh
# --check: whether a picture is as it would be drawn, and if not, why.
. "${0%/*}/../lib.sh"

cd "$tmp" || exit 1
model=$top/samples/resnet18_traced.json
# A layer of another type, and one of another name.
sed '1s/"BatchNorm2d"/"GroupNorm"/; s/"fc"/"head"/g' "$model" >other.json

# Formats that carry notes.
for format in svg pdf png eps ps; do
	"$NNVIZ" -q "$model" -d -1 -o "pic.$format"
	cp "pic.$format" before
	run "$NNVIZ" -q "$model" -d -1 --check "pic.$format"
	is "$status $out$err" "0 " "$format: the same picture is the same"
	ok "$format: and nothing is written" cmp before "pic.$format"

	run "$NNVIZ" -q other.json -d -1 --check "pic.$format"
	is "$status" 1 "$format: another model differs"
	like "$err" "^nnviz-c: pic.$format: differs: the graph changed: 1 box more, 1 less, 1 changed; 2 arrows more, 2 less" \
	    "$format: and it is said what of it"
	like "$err" "^  \+ head: Linear, 512→1000, 513000 param" "$format: what is new"
	like "$err" "^  - fc: .*Linear, " "$format: what is gone"
	like "$err" "^  ~ bn1: GroupNorm, was BatchNorm2d$" \
	    "$format: what is another"
	unlike "$err" "style" "$format: the style did not change"

	run "$NNVIZ" -q "$model" -d -1 --check "pic.$format" -S ink=#123456 \
	    --direction LR
	is "$status" 1 "$format: another style differs"
	like "$err" "differs: the same graph, but the style changed: 2 keys" \
	    "$format: and that is said"
	like "$err" "^  \+ direction: LR" "$format: with the keys"
	unlike "$err" "layer" "$format: and no layer"
done

# Formats whose bytes are all that there is.
for format in json dot csv md tree xdot jpg; do
	"$NNVIZ" -q "$model" -d -1 -o "pic.$format"
	run "$NNVIZ" -q "$model" -d -1 --check "pic.$format"
	is "$status $err" "0 " "$format: the same is the same"
	run "$NNVIZ" -q other.json -d -1 --check "pic.$format"
	is "$status" 1 "$format: another model differs"
	like "$err" "^nnviz-c: pic.$format: differs: " "$format: and it is said"
done
run "$NNVIZ" -q other.json -d -1 --check pic.json
like "$err" "differs: the graph changed: 1 box more, 1 less, 1 changed; 2 arrows more, 2 less" \
    "a graph in JSON is compared as a graph"
run "$NNVIZ" -q other.json -d -1 --check pic.csv
like "$err" "differs: line [0-9]+ is another" "a table is compared by lines"
run "$NNVIZ" -q other.json -d -1 --check pic.jpg
like "$err" "differs: jpg has no notes" "pixels without notes tell nothing"
echo '{"nodes": 7}' >broken.json
run "$NNVIZ" -q "$model" --check broken.json
like "$status $err" "^1 .*differs: no graph: " "JSON that is no graph is told"

# What shows only in part: a parameter's size is told by the words that differ.
sed 's/"n_parameters": *2359296/"n_parameters": 2359297/' "$model" >wide.json
if ! cmp -s wide.json "$model"; then
	run "$NNVIZ" -q wide.json -d -1 --check pic.svg
	like "$err" "^  ~ layer4.*: 2359297 parameters, was .*2359296 parameters" \
	    "only the words that changed are said"
fi

# Who drew it, told apart from what is drawn.
told() {
	sed 's/<title>Input/<title>Imput/; '"$1" pic.svg >edited.svg
	run "$NNVIZ" -q "$model" -d -1 --check edited.svg
	like "$status $err" "1 .*$2" "$3 is told"
}
told "" "the same graph and style, but other bytes" "an edited picture"
told 's/^graphviz .*/graphviz 1.2.3/' \
    "graph and style, drawn by Graphviz 1.2.3, this is" "another Graphviz"
told 's/^text .*/text 00000000/' "graph and style, drawn with other fonts" \
    "another set of fonts"
told 's/^nnviz-c .*/nnviz-c 0.0.1/' "drawn by nnviz-c 0.0.1, this is" \
    "another version of this program"

# Notes are no part of the picture.
sed '/<metadata/,/<\/metadata>/d' pic.svg >bare.svg
run "$NNVIZ" -q "$model" -d -1 --check bare.svg
is "$status $err" "0 " "a picture that lost its notes is the same"
sed 's/^graphviz .*/graphviz 1.2.3/' pic.svg >noted.svg
run "$NNVIZ" -q "$model" -d -1 --check noted.svg
is "$status $err" "0 " "one with other notes is the same"
run "$NNVIZ" -q other.json -d -1 --check bare.svg
like "$status $err" "1 .*without its notes, which would tell why" \
    "without them nothing can be told"

# Files that are not pictures, or not there.
run "$NNVIZ" -q "$model" --check missing.svg
is "$status $err" \
    "1 nnviz-c: missing.svg: cannot open: No such file or directory" \
    "a missing file is a failure"
run "$NNVIZ" -q "$model" --check . -T svg
like "$status $err" "^1 nnviz-c: .: .*[Dd]irectory" "and so is a directory"
run "$NNVIZ" -q "$model" --check "$top/README.md" -T png
like "$status $err" "1 .*differs: no picture of this program" \
    "a foreign file differs"
run "$NNVIZ" -q "$model" --check pic.unknown
like "$status $err" "^2 .*unknown format" "a suffix that means nothing is usage"

# Several at once, all of which are told.
run "$NNVIZ" -q other.json -d -1 --check pic.svg --check pic.csv --check no.png
is "$status $(printf '%s\n' "$err" | grep -c '^nnviz-c: ')" "1 3" \
    "every file that is named is checked"
for option in "-o x.svg" "--out-dir x" -j "--stats x.csv" -s; do
	# shellcheck disable=SC2086 # words
	run "$NNVIZ" "$model" --check pic.svg $option
	like "$status $err" "^2 nnviz-c: --check writes nothing: leave out -" \
	    "$option does not go with it"
done

run "$NNVIZ" "$model" other.json --check pic.svg
like "$status $err" "^2 nnviz-c: --check is for one model" \
    "nor do several models"

# Another theme is one reason, not as many as it has keys.
theme=$top/styles/dark.style
"$NNVIZ" -q "$model" -o themed.svg
run "$NNVIZ" -q "$model" --check themed.svg --theme "$theme"
like "$status $err" '^1 .*style changed: the theme is dark, was light$' \
    "another theme is told by its name"
is "$(printf '%s\n' "$err" | wc -l)" 1 "and that is all"
run "$NNVIZ" -q "$model" --check themed.svg --theme "$theme" -S legend=true
like "$err" 'the theme is dark, was light; 1 key more$' "but what is set beside it"
is "$(printf '%s\n' "$err" | tail -n 1)" "  + legend: true" "which is told"
"$NNVIZ" -q "$model" -o themed.svg --theme "$theme"
{ cat "$theme" && echo 'edge_thickness = 3'; } >dark.style
run "$NNVIZ" -q "$model" --check themed.svg --theme ./dark.style
like "$err" 'style changed: 1 key more$' "a theme that was edited, by its keys"
sed '/^theme /d; s/^by /set /' themed.svg >old.svg
run "$NNVIZ" -q "$model" --check old.svg
like "$err" 'style changed: [0-9]+ keys less$' "also of a picture that names none"

# What a stranger wrote into a file stays text.
awk '/^node / && !n++ { printf "node evil\033[31m&#27;]0;x\007\tw\r\n" } 1' \
    pic.svg >evil.svg
run "$NNVIZ" -q other.json -d -1 --check evil.svg
is "$status $(printf '%s' "$err" | tr -d '\n' | LC_ALL=C tr -dc '\001-\037')" \
    "1 " "controls in notes do not reach the terminal"

# The files are what their formats say, to readers of those formats.
if command -v python3 >/dev/null; then
	ok "SVG and PNG are well-formed" python3 - pic.svg pic.png <<'PY'
import struct, sys, zlib
import xml.etree.ElementTree as tree

root = tree.parse(sys.argv[1]).getroot()
notes = root.find("{http://www.w3.org/2000/svg}metadata").text
assert "node layer4.1.conv2\tConv2d, " in notes, notes
data = open(sys.argv[2], "rb").read()
at, texts, kinds = 8, [], []
while at < len(data):
    n, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + n]
    check, = struct.unpack(">I", data[at + 8 + n:at + 12 + n])
    assert check == zlib.crc32(kind + body), kind
    kinds.append(kind)
    if kind == b"iTXt":
        texts.append(body)
    at += 12 + n
assert kinds[0] == b"IHDR" and kinds[-1] == b"IEND" and at == len(data)
assert texts[0].startswith(b"nnviz-c notes\0\0\0\0\0nnviz-c "), texts
assert texts[0].partition(b"\0\0\0\0\0")[2].decode() == notes.lstrip("\n")
PY
else
	skip "no python3" "SVG and PNG are well-formed"
fi
if command -v pdfinfo >/dev/null; then
	run pdfinfo -custom pic.pdf
	is "$err" "" "the PDF is sound"
	like "$out" "^NnvizDigest: +nnviz-c .*, graphviz .*, graph [0-9a-f]{40}, style" \
	    "and says whose it is"
	run pdftotext pic.pdf -
	like "$err$out" "layer4" "its pages are as they were"
else
	skip "no pdfinfo" "the PDF is sound"
fi

# The digest is of what is drawn: not of the file it came in, nor of the way.
digest() {
	sed -n 's/^graph //p' "$1"
}
"$NNVIZ" -q "$top/samples/simple_model.pkl" -o a.svg
cp "$top/samples/simple_model.pkl" "renamed.pkl"
"$NNVIZ" -q -j "$top/samples/simple_model.pkl" -o b.svg
"$NNVIZ" -q b.json -o c.svg --theme "$top/styles/dark.style"
"$NNVIZ" -q b.json -o d.svg --level ops
is "$(digest c.svg)" "$(digest a.svg)" "a cache and a style keep the digest"
ok "another view has another" [ "$(digest a.svg)" != "$(digest d.svg)" ]
ok "there is a digest" [ "$(digest a.svg | wc -c)" -eq 41 ]

# Pages, in one file and in many.
"$NNVIZ" -q "$model" --pages -o pages.pdf
"$NNVIZ" -q "$model" -T atlas -o pages
cp -r pages pages.before
run "$NNVIZ" -q "$model" --pages --check pages.pdf
is "$status $out$err" "0 " "the same pages are the same"
run "$NNVIZ" -q "$model" -T atlas --check pages
is "$status $out$err" "0 " "and the same atlas"
run "$NNVIZ" -q other.json --pages --check pages.pdf
is "$status" 1 "other pages are not"
like "$err" "^nnviz-c: pages.pdf: differs: the graph changed: 1 box more, 1 less, 1 changed; 2 arrows more, 2 less" \
    "and it is said what changed"
like "$err" "^  - output . fc: 512 float32|^  \+ head: Linear, " "with names"
python3 -c 'import json, sys
graph = json.load(sys.stdin)
[node] = [n for n in graph["nodes"].values()
    if n["path"] == ["layer2", "0", "bn1"]]
node["op"] = node["full_op"] = "GroupNorm"
json.dump(graph, sys.stdout)' <"$model" >inner.json
run "$NNVIZ" -q inner.json --pages --check pages.pdf
like "$err" "^  ~ layer2: 0.bn1: GroupNorm, .*, was BatchNorm2d, " \
    "and on which page"
run "$NNVIZ" -q inner.json -T atlas --check pages
is "$status $(printf '%s\n' "$err" | sed -n 's/^nnviz-c: //p')" \
    "1 pages/layer2.svg: differs: the graph changed: 1 box changed" \
    "of an atlas the file is named"
run "$NNVIZ" -q "$model" --pages --check pages.pdf -S ink=#123456
like "$err" "differs: the same graph, but the style changed: 1 key more" \
    "another style of pages is told"
rm pages/layer3.svg
run "$NNVIZ" -q "$model" -T atlas --check pages
is "$status $err" \
    "1 nnviz-c: pages/layer3.svg: cannot open: No such file or directory" \
    "and what is missing"
cp pages.before/layer3.svg pages
ok "and nothing was written" diff -r pages pages.before
run "$NNVIZ" -q "$model" -T atlas --check nowhere
is "$status $(ls -d nowhere 2>/dev/null)" "1 " "nor is a folder made"
if command -v pdfinfo >/dev/null; then
	run pdfinfo -custom pages.pdf
	like "$err$out" "^NnvizDigest: +nnviz-c " "pages say whose they are"
	is "$(pdfinfo pages.pdf | sed -n 's/^Pages: *//p')" 5 \
	    "and are all there"
fi

# Files that were damaged: cut, changed, of another format, empty, endless. Each
# is told in a line, or is the same but for its notes; what a damaged file says
# stays within the lines.
cat >damage.py <<'P'
import os, subprocess, sys

program, model = sys.argv[1:3]
wrong = []
told = passed = 0

def check(name, how, data, *options):
    global told, passed
    path = "damaged." + name.rpartition(".")[2]
    with open(path, "wb") as file:
        file.write(data)
    run = subprocess.run([program, "-q", model, "--check", path, *options],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    lines = run.stderr.split(b"\n")
    head = b"nnviz-c: " + path.encode() + b": "
    if run.returncode == 0:
        fine = run.stderr == b"" and how != "must differ"
        passed += 1
    else:
        fine = (run.returncode == 1 and lines[0].startswith(head) and
            lines[-1] == b"" and len(lines) < 15 and
            all(line.startswith(b"  ") for line in lines[1:-1]) and
            not any(c < 32 and c != 10 or c == 127 for c in run.stderr))
        told += 1
    if not fine or run.stdout:
        wrong.append((name, how, run.returncode, run.stderr[:200]))

for name in sys.argv[3:]:
    options = ["--pages"] if name == "book.pdf" else []
    whole = open(name, "rb").read()
    n = len(whole)
    check(name, "empty", b"", *options)
    check(name, "must differ", b"\xff" * 4096, *options)
    check(name, "twice", whole + whole, *options)
    for i in range(1, 8):
        check(name, "must differ", whole[:n * i // 8], *options)
    for i in (1, 2, 9, 17):
        check(name, "cut at the end", whole[:-i], *options)
    for i in range(9):
        at = i * 2654435761 % n
        check(name, "changed at %d" % at,
            whole[:at] + bytes([whole[at] ^ 0xff]) + whole[at + 1:], *options)
    other = sys.argv[3 + (sys.argv.index(name) - 2) % len(sys.argv[3:])]
    check(name, "must differ", open(other, "rb").read(), *options)
print(told, passed, wrong)
sys.exit(bool(wrong) or told < 15 * len(sys.argv[3:]))
P
small=$top/samples/simple_model.pkl
"$NNVIZ" -q "$small" --pages -o book.pdf
for format in svg pdf png eps ps jpg json dot csv md tree xdot; do
	"$NNVIZ" -q "$small" -o "small.$format"
done
if sanitized; then
	skip "sanitizers are slow" "a damaged file is told in a line"
else
	ok "a damaged file is told in a line" python3 damage.py "$NNVIZ" \
	    "$small" book.pdf small.*
fi
mkfifo small.fifo
(head -c 100 small.svg >small.fifo &)
run "$NNVIZ" -q "$small" -T svg --check small.fifo
like "$status $err" "^1 nnviz-c: small.fifo: differs: " "a fifo is read"
ln -s turn.svg turn.svg
run "$NNVIZ" -q "$small" --check turn.svg
like "$status $err" "^1 nnviz-c: turn.svg: cannot open: .*symbolic links" \
    "a link to itself is a failure"
# Notes without an end cost what ours do.
cat >notes.py <<'P'
import resource, subprocess, sys
program, model = sys.argv[1:]
picture = open("small.svg").read().replace("<svg ", "<svg  ", 1)
at = picture.index("graph ", picture.index("nnviz-notes"))
with open("endless.svg", "w") as file:
    file.write(picture[:at] + "graph 0\n" + "set\nnode\n" * (6 << 20) +
        picture[at:].split("\n", 1)[1])
run = subprocess.run([program, "-q", model, "--check", "endless.svg"],
    capture_output=True, text=True, timeout=60)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(run.returncode, peak >> 10, "MiB", run.stderr[:200])
sys.exit(run.returncode != 1 or peak > 400 << 10 or
    "differs: the graph changed" not in run.stderr)
P
if sanitized; then
	skip "sanitizers take memory of their own" "notes without an end"
else
	ok "notes without an end" python3 notes.py "$NNVIZ" "$small"
fi
truncate -s 8G sparse.svg
run timeout 60 "$NNVIZ" -q "$small" --check sparse.svg
like "$status $err" "^1 nnviz-c: sparse.svg: .*larger" "so is what never ends"
run timeout 60 "$NNVIZ" -q "$small" -T svg --check /dev/zero
like "$status $err" "^1 nnviz-c: /dev/zero: .*larger" "or never ends at all"
done_testing
