#!/bin/sh
# Texts are measured once each, and fontconfig is opened by a shorter way: boxes
# are as large as Graphviz alone makes them, with any fonts.
. "${0%/*}/../lib.sh"

cd "$tmp" || exit 1

# measured NAME ARGUMENT...: every box of a drawing has the size and the words
# that dot gives it.
measured() {
	name=$1
	shift
	"$NNVIZ" "$@" -q -S columns=1 -T dot -o by.dot
	dot -Tplain by.dot 2>/dev/null | sed -n '/ point /d;s/^node //p' |
		cut -d ' ' -f 1,4- | sort >theirs
	"$NNVIZ" "$@" -q -S columns=1 -T plain -o by.plain
	sed -n '/ point /d;s/^node //p' by.plain | cut -d ' ' -f 1,4- | sort >ours
	if [ -s ours ] && cmp -s ours theirs; then
		pass "$name"
	else
		fail "$name"
		diff ours theirs | head -n 5 | sed 's/^/# /'
	fi
}

resnet=$top/samples/resnet18_traced.json
measured "a sample, folded" "$resnet" -d 2
measured "in full" "$resnet" -d -1
measured "one that repeats its words" "$top/samples/transformer.pkl" -d -1
measured "another font" "$resnet" -d 2 -S fontname=monospace

fonts=$(fc-list --format '%{file}\n' 2>/dev/null | sed 's,/[^/]*$,,' | sort -u |
	tail -n 1)
echo "<fontconfig><dir>$fonts</dir></fontconfig>" >bare.conf
echo "<fontconfig><dir>$fonts</dir><cachedir>$tmp/cache</cachedir>" \
	"</fontconfig>" >own.conf
echo '<fontconfig><dir>' >broken.conf
FONTCONFIG_FILE=$tmp/own.conf
export FONTCONFIG_FILE
measured "a configuration of one's own" "$resnet" -d 2
FONTCONFIG_FILE=$tmp/bare.conf
measured "one that names no caches" "$resnet" -d 2
FONTCONFIG_FILE=$tmp/broken.conf
measured "one that is no XML" "$resnet" -d 2
FONTCONFIG_FILE=$tmp/none.conf
measured "one that is not there" "$resnet" -d 2
unset FONTCONFIG_FILE

# What a text measures is not what it looks like: one layout drawn by cairo in
# two colours, two pages.
ok "pages share what was measured" "$NNVIZ" "$resnet" -q --pages -o p.pdf
ok "and are readable" grep -q '%%EOF' p.pdf

done_testing
