#!/bin/sh
# Several outputs of one run: the same bytes as one by one, and all or none.
. "${0%/*}/../lib.sh"

sample=$top/samples/transformer.pkl
cd "$tmp" || exit 1
mkdir one all

set --
for name in a.svg b.pdf c.png d.json e.csv f.dot g.eps; do
	"$NNVIZ" -q "$sample" -o "one/$name"
	set -- "$@" -o "all/$name"
done
run "$NNVIZ" -q "$sample" "$@" --stats all/stats.md
is "$status:$err" "0:" "seven outputs and a table"
"$NNVIZ" -q "$sample" --stats one/stats.md -o one/a.svg
ok "are byte for byte what they are alone" diff -r one all
run "$NNVIZ" -q "$sample" -T svg,pdf -T table
is "$status:$err" "0:" "-T with several formats"
is "$(printf '%s\n' trans*)" "transformer.pdf
transformer.svg" "names each after the model"
like "$out" "Linear" "and a table goes to the terminal"
cmp -s transformer.svg one/a.svg
is "$?" 0 "the same picture"

run "$NNVIZ" -v "$sample" -o v.svg -o v.pdf -o v.png
is "$(printf '%s\n' "$err" | grep -c 'laying out')" 1 "one layout for all"

# All or none.
echo old >all/a.svg
run "$NNVIZ" -q "$sample" -o all/a.svg -o all/new.svg -o nowhere/x.pdf
is "$status:$(cat all/a.svg)" "1:old" "one that cannot be written: none is"
like "$err" ' nowhere/x.pdf: cannot write: ' "and it is named"
is "$(find all -name '.*' ! -name all -o -name new.svg)" "" "nothing is left"
run "$NNVIZ" -q "$sample" -o all/a.svg -o - -o x.pdf >/dev/null
is "$status" 0 "standard output among them"

# What cannot be meant.
usage() {
	usage_name=$1 usage_ere=$2
	shift 2
	run "$NNVIZ" "$sample" "$@"
	is "$status" 2 "status 2: $usage_name"
	like "$err" "$usage_ere" "the reason: $usage_name"
}
usage "one name twice" '"x.svg" would be written twice' -o x.svg -o x.svg
usage "one name in two spellings" '"./x.svg" would be written twice' \
    -o x.svg -o ./x.svg
usage "one directory in two spellings" 'would be written twice' \
    -o all/x.svg -o all/../all/x.svg
usage "a table over a drawing" '--stats would overwrite' -T csv -o x.csv \
    --stats ./x.csv
run "$NNVIZ" -q "$sample" -d 1 -o x.svg -o all/x.svg
is "$status" 0 "one name in two directories"
rm -f x.svg all/x.svg
ln -s all/a.svg link.svg
usage "one file twice" 'link.svg" would be written twice' \
    -o all/a.svg -o link.svg
ln -s later.svg dangling.svg
run "$NNVIZ" -q "$sample" -d 1 -o dangling.svg -o later.svg
is "$status" 1 "a link to what is yet to be written"
like "$err" 'svg": would be written twice' "and why"
ok "nothing is written" [ ! -e later.svg ]
run "$NNVIZ" -q "$sample" -o at.atlas -o at.atlas/index.svg
is "$status" 1 "a picture in the place of an atlas' page"
like "$err" '"at.atlas/index.svg" would be written twice' "and why"
run "$NNVIZ" -q "$sample" -d 1 -o at.atlas -o at.atlas/mine.svg
is "$status:$(find at.atlas -name mine.svg)" "0:at.atlas/mine.svg" \
    "one beside them is welcome"

# The desktop is given a file, whatever that is called.
mkdir bin
printf '#!/bin/sh\necho "$#:$1" >>shown\n' >bin/xdg-open
chmod +x bin/xdg-open
for name in -x.svg ftp:x.svg "$tmp/x.svg"; do
	PATH=$tmp/bin:$PATH "$NNVIZ" -q "$sample" -d 1 -s -o "$name"
done
is "$(cat shown)" "1:./-x.svg
1:./ftp:x.svg
1:$tmp/x.svg" "-s names it as a file"

usage "-T with several -o" 'suffixes of several -o' -o x.svg -o x.pdf -T png
usage "several formats for one -o" 'need an -o each' -o x -T svg,png
usage "an unknown format among others" 'unknown format "svgg"' -T pdf,svgg
usage "no format among others" 'unknown format ""' -T pdf,
usage "-j over one of them" '-j would overwrite' -j -o y.svg -o y.json

done_testing
