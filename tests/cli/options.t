#!/bin/sh
# The command line: what it takes, what it prints, how it ends.
. "${0%/*}/../lib.sh"

sample=$top/samples/simple_model.pkl
mkdir "$tmp/work"
cd "$tmp/work" || exit 1

run "$NNVIZ" --version
is "$status" 0 "--version succeeds"
like "$out" '^nnviz-c [0-9]+\.[0-9]+\.[0-9]+' "and prints name and version"
run "$NNVIZ" -V
like "$out" '^nnviz-c [0-9]' "-V is --version"

run "$NNVIZ" --help
is "$status:$err" "0:" "--help succeeds, on standard output"
for option in -o --out -T --format -l --layer -d --depth -c --collapse \
    -j --json -S --style -s --show -q --quiet -v --verbose --level --phase \
    --keep --formats -h --help -V --version -i --input; do
	like "$out" "(^|[ ,[])$option([ ,=[]|\$)" "--help tells of $option"
done

run "$NNVIZ" --formats
is "$status" 0 "--formats succeeds"
for format in svg pdf png dot json; do
	like "$out" "^ *$format\\b" "--formats tells of $format"
done
unlike "$out" '^ *(x11|xlib|gtk)\b' "and of no window"

# usage NAME ARGUMENT...: status 2, a line that says what is wrong, no output.
usage() {
	usage_name=$1
	shift
	run "$NNVIZ" "$@"
	is "$status:$out" "2:" "status 2: $usage_name"
	like "$err" '^nnviz-c: ' "a line says why: $usage_name"
	like "$err" '^usage: nnviz-c ' "and the usage: $usage_name"
}

usage "no MODEL"
usage "two MODELs" "$sample" "$sample"
usage "an unknown option" --frobnicate "$sample"
usage "an unknown letter" -Z "$sample"
usage "a depth that is no number" -d abc "$sample"
usage "a depth with more behind" -d 2x "$sample"
usage "a depth below -1" -d -2 "$sample"
usage "a depth beyond all numbers" -d 99999999999999999999 "$sample"
usage "an option without its value" "$sample" -o
usage "how near without what" --hops 3 "$sample"
like "$err" '^nnviz-c: --hops .*--around$' "which says what is missing"
usage "an order of no table" --sort macs "$sample"
like "$err" '^nnviz-c: --sort is for tables: ' "which says what is missing"
usage "an unknown level" --level soup "$sample"
usage "an unknown phase" --phase lunch "$sample"
usage "an unknown format" -T frob "$sample"
usage "a suffix that is no format" -o picture.frob "$sample"
usage "a style without a value" -S fontname "$sample"
is "$(ls)" "" "and none of them wrote a file"

usage "an unknown style key" -S fontnam=Arial "$sample"
like "$err" '"?fontname"?' "which names the nearest key"
mkdir "$tmp/nnviz-c"
ln -s "$top/styles" "$tmp/nnviz-c/styles"
export XDG_CONFIG_HOME="$tmp"
usage "an unknown theme" --theme darc "$sample"
like "$err" 'no theme "darc": did you mean "dark"\? there are auto, blueprint, .*, print$' \
    "which names the nearest, and all that there are"

run "$NNVIZ" -i default "$sample"
is "$status" 2 "-i is refused"
like "$err" 'shape' "and says that the shapes come from the file"

# Where the picture goes.
run "$NNVIZ" "$sample"
is "$status:$out:$err" "0::" "a drawing says nothing"
ok "and is named after the model" test -s simple_model.pdf
run "$NNVIZ" "$sample" -T svg
ok "-T gives the suffix" test -s simple_model.svg
run "$NNVIZ" "$top/samples/resnet.pkl" -l layer2.0
is "$status" 0 "a layer alone is drawn"
ok "and is named after the layer" test -s resnet_layer2-0.pdf
while read -r layer name; do
	run "$NNVIZ" "$top/samples/resnet.pkl" -l "$layer" -T dot
	ok "-l $layer is named $name" test -s "resnet_$name.dot"
done <<'ROWS'
layer[2-3].*	layer2-3-all
layer2.**	layer2-all
layer?.0	layer_-0
type:Conv	type-Conv
ROWS
run "$NNVIZ" "$sample" -o x.svg -T png
ok "-T wins over the suffix" sh -c 'head -c 4 x.svg | grep -q PNG'
run "$NNVIZ" "$sample" -o BIG.SVG --stats BIG.CSV
is "$status:$err" "0:" "a suffix may be in capitals"
ok "and means the same" cmp BIG.SVG simple_model.svg
like "$(cat BIG.CSV)" '^linear1,' "also of a table"
run "$NNVIZ" "$sample" -T PNG -j
ok "and so may the word behind -T" test -s simple_model.png
run "$NNVIZ" -o behind.svg -- "$sample"
ok "-- ends the options" test -s behind.svg
run "$NNVIZ" "$sample" -d1 --out=joined.svg
ok "values may be joined to their options" test -s joined.svg

"$NNVIZ" "$sample" -T svg -o - >piped.svg
ok "-o - is standard output" cmp piped.svg simple_model.svg
"$NNVIZ" - -T svg -o - <"$sample" >stdin.svg
is "$?" 0 "- is standard input"
ok "and gives a drawing" xmllint --noout --nonet stdin.svg

run "$NNVIZ" "$sample" -o cached.svg -j
ok "-j writes the graph beside the picture" test -s cached.json
ok "as JSON" python3 -m json.tool cached.json /dev/null

run "$NNVIZ" -v "$sample" -o v.svg
is "$status:$out" "0:" "-v leaves standard output alone"
like "$err" . "and tells of progress"
run "$NNVIZ" -q "$sample" -o q.svg
is "$status:$out:$err" "0::" "-q says nothing"

done_testing
