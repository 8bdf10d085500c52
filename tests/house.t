#!/bin/sh
# The house rules that a compiler does not know.
. "${0%/*}/lib.sh"

sources=$(find src include -name '*.[ch]' | LC_ALL=C sort)

# The code without its comments, in which a forbidden name may be said.
for file in $sources; do
	cc -fpreprocessed -dD -E -P -x c "$file" 2>/dev/null |
	    sed "s|^|$file: |"
done >"$tmp/code"

# none ERE NAME: no line of code matches.
none() {
	is "$(grep -E -e "$1" "$tmp/code")" "" "$2"
}

# A line "HEADER ROOM" for each room that includes a header of include/nnviz,
# itself or through another of them.
# shellcheck disable=SC2086 # none of our names has a blank
grep -H '^#include "nnviz/' $sources | sed 's/:#include "/ /; s/".*//' | awk '
function reach(room, header,    i, n, next_ones) {
	if ((room, header) in seen)
		return
	seen[room, header] = 1
	print header, room
	n = split(includes[header], next_ones)
	for (i = 1; i <= n; i++)
		reach(room, next_ones[i])
}
sub(/^include\//, "", $1) {
	includes[$1] = includes[$1] " " $2
	next
}
{
	room = $1 ~ /\/.*\// ? $1 : "src/main/"
	sub(/^src\//, "", room)
	sub(/\/.*/, "", room)
	rooms[++n] = room
	headers[n] = $2
}
END {
	for (i = 1; i <= n; i++)
		reach(rooms[i], headers[i])
}' >"$tmp/uses"

cflags=$(${PKG_CONFIG:-pkg-config} --cflags libgvc libcgraph)
for header in include/nnviz/*.h; do
	name=${header##*/}
	guard=NNVIZ_$(printf '%s' "${name%.h}" | tr 'a-z-' 'A-Z_')_H
	# shellcheck disable=SC2086 # flags are words
	ok "$name compiles alone" cc -std=c11 -D_POSIX_C_SOURCE=200809L \
	    -Wall -Wextra -Wpedantic -Wno-unused-function -Werror -Iinclude \
	    $cflags -fsyntax-only -x c "$header"
	like "$(cat "$header")" "^#ifndef $guard\$" "$name is guarded"
	nrooms=$(grep -c "^nnviz/$name " "$tmp/uses")
	ok "$name is a contract between rooms: used by $nrooms" \
	    [ "$nrooms" -ge 2 ]
done

# shellcheck disable=SC2086 # none of our names has a blank
ok "no function is longer than 60 lines" tests/tools/longest 60 $sources
{
	printf 'static int\nlong_one(void)\n{\n'
	for i in 1 2 3 4 5 6 7; do printf '\tint a%s;\n' "$i"; done
	printf '}\n\nstatic const int table[] = {\n\t1,\n};\n'
} >"$tmp/long.c"
ok "a function of 10 lines is not over 10" tests/tools/longest 10 "$tmp/long.c"
run tests/tools/longest 9 "$tmp/long.c"
is "$status:$out" "1:10 lines: long_one of $tmp/long.c" "but over 9"

# shellcheck disable=SC2086
is "$(expand $sources | grep -E '^.{81,}')" "" "80 columns"
none '#include "\.\./' "no room reaches into another"
none '\btypedef struct\b' "no typedef of a struct"
none '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof)\(' \
    "no function that cannot be used safely"
none '\b(alloca|setjmp|longjmp|setlocale)\(' "no hidden stack, jump or locale"

if git rev-parse >/dev/null 2>&1; then
	is "$(git ls-files | cut -d/ -f1 | sort -u | grep -vxE \
'Makefile|src|include|man|tests|samples|styles|LICENSE|README\.md|\.ci|\.clang-format|\.clang-tidy|\.editorconfig|\.gitignore')" \
	    "" "the top level holds what it should"
else
	skip "not a git checkout" "the top level holds what it should"
fi

is "$(find tests -name '*.t' ! -perm -u+x)" "" "every test can be run"

done_testing
