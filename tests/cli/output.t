#!/bin/sh
# Pictures: whole and of the right kind, or not there at all.
. "${0%/*}/../lib.sh"

sample=$top/samples/simple_model.pkl
cd "$tmp" || exit 1
mkdir out

for format in svg pdf png dot json; do
	run "$NNVIZ" "$sample" -o "out/x.$format"
	is "$status:$err" "0:" "$format is written"
done
ok "the SVG is well-formed" xmllint --noout --nonet out/x.svg
ok "the PDF opens" pdftotext out/x.pdf out/x.txt
like "$(cat out/x.txt)" 'Linear' "and its text can be found"
ok "the PNG opens" python3 -c '
import struct, sys, zlib
data = open("out/x.png", "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
at, kinds = 8, []
while at < len(data):
    n, = struct.unpack(">I", data[at:at + 4])
    body = data[at + 4:at + 8 + n]
    crc, = struct.unpack(">I", data[at + 8 + n:at + 12 + n])
    assert zlib.crc32(body) == crc
    kinds.append(body[:4])
    at += 12 + n
assert kinds[0] == b"IHDR" and kinds[-1] == b"IEND"'
ok "the DOT is a graph for dot" dot -Tplain -o out/x.plain out/x.dot
ok "the JSON is JSON" python3 -m json.tool out/x.json /dev/null
ok "the JSON can be drawn" "$NNVIZ" out/x.json -o out/again.svg
is "$(find out -type f ! -name 'x.*' ! -name again.svg)" "" "nothing else was left there"

# fails NAME ARGUMENT...: status 1 and one line.
fails() {
	fails_name=$1
	shift
	run "$NNVIZ" "$sample" "$@"
	is "$status:$out" "1:" "status 1: $fails_name"
	is "$(printf '%s\n' "$err" | wc -l)" 1 "one line: $fails_name"
	like "$err" '^nnviz-c: .*cannot write' "the reason: $fails_name"
}

fails "no such directory" -o out/nowhere/x.svg
fails "a file in place of a directory" -o out/x.svg/y.svg
fails "a directory in place of a file" -T svg -o out
if [ -c /dev/full ]; then
	fails "a full device" -T svg -o /dev/full
	"$NNVIZ" "$sample" -T svg -o - >/dev/full 2>full.err
	is "$?" 1 "a full standard output is a failure"
	like "$(cat full.err)" 'No space left on device' "that says why"
else
	skip "there is no /dev/full" "a full device"
fi
sh -c '"$NNVIZ" "$0" -T svg -o - 2>closed.err; echo $? >closed.status' \
    "$sample" | :
like "$(cat closed.status)" '^[01]$' "a closed pipe does not kill it"

# What was there keeps its mode, its links and, on failure, itself.
echo old >old.svg
chmod 640 old.svg
ln -s old.svg link.svg
run "$NNVIZ" "$sample" -o link.svg
ok "a symbolic link stays one" test -L link.svg
ok "and what it points at is new" xmllint --noout --nonet old.svg
is "$(stat -c %a old.svg)" 640 "with the mode it had"
run "$NNVIZ" "$sample" -o new.svg
is "$(stat -c %a new.svg)" "$(touch plain; stat -c %a plain)" \
    "a new file has the usual mode"
is "$(find . -name '.?*' -o -name '*tmp*')" "" "no temporary file stays"

# The model is nobody's output.
cp "$sample" model.json
for arguments in "-T json" "-j -o ./model.svg" "-T svg -o model.json" \
    "-o x.svg --stats ../${PWD##*/}/model.json"; do
	# shellcheck disable=SC2086 # options are words
	run "$NNVIZ" model.json $arguments
	is "$status" 2 "it does not overwrite its model: $arguments"
done
ok "which is what it was" cmp "$sample" model.json
run "$NNVIZ" "$sample" -o fresh.svg --stats nosuch/x.csv
is "$status" 1 "a table that cannot be written is a failure"
ok "and no picture is written then" test ! -e fresh.svg

# PNG is written by hand (src/render/png.c): it is what others read, whole, with
# alpha where a page has none, and has the colours of what is drawn.
cat >png.py <<'PY'
import struct, sys, zlib
data, at, packed, names = open(sys.argv[1], "rb").read(), 8, b"", []
while at < len(data):
    n, name = struct.unpack(">I4s", data[at:at + 8])
    sum, = struct.unpack(">I", data[at + 8 + n:at + 12 + n])
    assert sum == zlib.crc32(data[at + 4:at + 8 + n])
    if name == b"IHDR":
        width, height, bits, kind = struct.unpack(">IIBB", data[at + 8:at + 18])
    if name == b"IDAT":
        packed += data[at + 8:at + 8 + n]
    names.append(name.decode())
    at += 12 + n
depth, raw = {2: 3, 6: 4}[kind], zlib.decompress(packed)
line, above, colors = width * depth + 1, bytes(width * depth), set()
assert len(raw) == height * line and bits == 8
for y in range(height):
    row = raw[y * line + 1:(y + 1) * line]
    assert raw[y * line] == 2
    above = bytes((a + b) & 255 for a, b in zip(row, above))
    colors |= set(zip(*[iter(above)] * depth))
print(names[0], names[-1], width > 100, height > 100,
      *(c in colors or c[:depth] in colors
        for c in ((220, 252, 231, 255), (255,) * 4, (0,) * 4)))
PY
run "$NNVIZ" "$sample" -q -d 1 -o fresh.png
is "$(python3 png.py fresh.png 2>&1)" "IHDR IEND True True True True False" \
    "a PNG is whole"
run "$NNVIZ" "$sample" -q -d 1 -S transparent=true -o clear.png
is "$(python3 png.py clear.png 2>&1)" "IHDR IEND True True True True True" \
    "and shows what is behind it"
run "$NNVIZ" "$sample" -q -d 1 -o again.png
ok "of the same bytes" cmp fresh.png again.png

if [ "$(id -u)" -eq 0 ]; then
	skip "root writes everywhere" "a directory that is read-only"
else
	mkdir locked
	echo old >locked/x.svg
	chmod 555 locked
	fails "a directory that is read-only" -o locked/x.svg
	is "$(cat locked/x.svg)" old "and the old file is there still"
	chmod 755 locked
fi

done_testing
