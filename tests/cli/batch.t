#!/bin/sh
# Several models in one run: each as it is alone, told in order, and one that
# is bad stops no other.
. "${0%/*}/../lib.sh"

cd "$tmp" || exit 1
mkdir in alone
for name in resnet simple_model transformer; do
	cp "$top/samples/$name.pkl" in
done
printf 'nothing' >in/bad.pkl
for name in resnet simple_model transformer; do
	"$NNVIZ" -q "in/$name.pkl" -o "alone/$name.svg" -j
	"$NNVIZ" -q "in/$name.pkl" -T table >>alone.table
done

run "$NNVIZ" -q in/resnet.pkl in/simple_model.pkl in/transformer.pkl \
    --out-dir made/of/parts -T svg,table -j -J 3
is "$status:$err" "0:" "three models"
ok "each as it is alone" diff -r alone made/of/parts
is "$out" "$(cat alone.table)" "and the tables in order"

for jobs in 1 2 9; do
	run "$NNVIZ" in/resnet.pkl in/bad.pkl in/simple_model.pkl gone.pkl \
	    -T svg --out-dir "j$jobs" -J "$jobs"
	is "$status:$out" "1:" "-J $jobs: one that is bad is a failure"
	is "$(printf '%s\n' "$err" | sed 's/\(pkl\):.*/\1/')" \
	    "nnviz-c: in/bad.pkl
nnviz-c: gone.pkl" "told in order, with their names"
	is "$(ls "j$jobs")" "resnet.svg
simple_model.svg" "and the others are there"
done
run "$NNVIZ" -q in/resnet.pkl in/simple_model.pkl -T svg
is "$status:$(ls -- *.svg)" "0:resnet.svg
simple_model.svg" "without --out-dir they come here"
run "$NNVIZ" -q in/resnet.pkl --out-dir single -T svg
ok "--out-dir is for one model, too" cmp single/resnet.svg alone/resnet.svg
run "$NNVIZ" -q in/resnet.pkl --out-dir in/bad.pkl -T svg
is "$status" 1 "a file in place of a directory"
like "$err" ' in/bad.pkl: cannot make: a file that is no' "and it is named"

# usage ERE ARGUMENT...: refused before anything is written.
usage() {
	usage_ere=$1
	shift
	run "$NNVIZ" --out-dir nothing "$@"
	is "$status" 2 "status 2: $usage_ere"
	like "$err" "$usage_ere" "the reason: $usage_ere"
}
mkdir other
cp in/resnet.pkl other
usage '"in/resnet.pkl" and "other/resnet.pkl" would both be written to "nothing/resnet.pdf"' \
    in/resnet.pkl in/simple_model.pkl other/resnet.pkl
usage 'written to' in/resnet.pkl in/resnet.pkl
usage '^nnviz-c: -o names the drawing of one model' in/*.pkl -o x.svg
usage 'stats is for one model' in/*.pkl --stats x.csv
usage 's is for one model' in/*.pkl -s
usage 'for what has no -o' in/resnet.pkl -o x.svg
usage 'expected a number from 1' in/*.pkl -J 0
usage 'unknown style key' in/*.pkl -S nonsense=1
ok "nothing was written" test ! -e nothing
"$NNVIZ" -q in/resnet.pkl -T json -o in/simple_model.json
run "$NNVIZ" --out-dir in -T json in/simple_model.pkl in/simple_model.json
is "$status" 2 "a model is not overwritten"
run "$NNVIZ" --out-dir in -T json in/simple_model.json in/transformer.pkl
is "$status" 2 "nor by its own drawing"
ln in/simple_model.json in/transformer.json
cp in/simple_model.json kept
run "$NNVIZ" --out-dir in -T json kept in/transformer.pkl in/simple_model.json
is "$status" 2 "nor by whatever name"
ok "and it is still itself" cmp in/simple_model.json kept

done_testing
