#!/bin/sh
# The documents tell the truth: every example runs, every option, style key,
# theme, room and target is told of, and nothing is told of that is not there.
. "${0%/*}/lib.sh"

readme=$top/README.md
page=$top/man/nnviz-c.1
style_page=$top/man/nnviz-style.5

# A place to try things in, as a reader would have it.
mkdir "$tmp/bin" "$tmp/work" "$tmp/nnviz-c"
ln -s "$top/samples" "$tmp/work/samples"
ln -s "$top/styles" "$tmp/nnviz-c/styles"
export XDG_CONFIG_HOME="$tmp"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$NNVIZ" >"$tmp/bin/nnviz-c"
# shellcheck disable=SC2016 # for that shell to expand
printf '#!/bin/sh\ntest -s "$1"\n' >"$tmp/bin/xdg-open"
chmod +x "$tmp/bin/nnviz-c" "$tmp/bin/xdg-open"
PATH=$tmp/bin:$PATH

# Commands of the README: what stands in its sh blocks, one a line.
readme_commands() {
	awk '/^```/ { inside = $0 == "```sh"; next } inside' "$readme"
}

# Commands of a manual page: its displays of one line.
page_commands() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/s/^\.Dl //p' "$1"
	sed -n '/^\.Sh EXAMPLES/q;s/^\.Dl \(nnviz-c \)/\1samples\//p' "$1"
}

# The files that a command names, in it or in the comment behind it.
files_of() {
	printf '%s\n' "$1" | tr -s " \t>'(),;#" '\n' | sed 's/^.*=//' |
	    grep -E '^[A-Za-z0-9_./-]+\.[a-z]+$' | sort -u
}

# runs COMMAND: it succeeds, and the files that it names are there.
runs() {
	if (cd "$tmp/work" && set -e && eval "$1") >"$tmp/said" 2>&1 </dev/null
	then
		pass "runs: $1"
	else
		fail "runs: $1"
		diag "$(cat "$tmp/said")"
	fi
	for runs_file in $(files_of "$1"); do
		[ -s "$tmp/work/$runs_file" ] || {
			fail "writes $runs_file: $1"
			diag "there is: $(ls "$tmp/work")"
		}
	done
}

readme_commands | grep 'nnviz-c ' | grep -vE '^(git|cd|sudo|make) ' \
    >"$tmp/commands"
page_commands "$page" >>"$tmp/commands"
page_commands "$style_page" >>"$tmp/commands"
while IFS= read -r command; do
	runs "$command"
done <"$tmp/commands"
ok "the examples are found" test "$(wc -l <"$tmp/commands")" -ge 15

# The README's pictures are what its commands draw, but for fonts.
size() {
	od -An -j16 -N8 -tu1 "$1" | awk '{ print $3 * 256 + $4, $7 * 256 + $8 }'
}
for image in samples/images/*.png; do
	drawn=$tmp/work/${image##*/}
	ok "a command draws ${image##*/}" test -s "$drawn"
	like "$(size "$image") $(size "$drawn")" '^[1-9][0-9]* [1-9][0-9]* ' \
	    "its size is known"
	# shellcheck disable=SC2046 # two numbers, each time
	ok "make images would draw it no larger or smaller" \
	    awk 'function near(a, b) { return a < b * 1.05 && b < a * 1.05 }
		BEGIN { exit !(near(ARGV[1], ARGV[3]) && near(ARGV[2], ARGV[4])) }' \
	    $(size "$image") $(size "$drawn")
done

# A command of the README that is not run calls make for a target there is.
make -s help | awk '{ print $1 }' | sort -u >"$tmp/targets"
for target in $(readme_commands | sed -n 's/^\(sudo \)*make \([a-z-]*\).*/\2/p'
    grep -o '`make [a-z-]*' "$readme" | cut -d' ' -f2); do
	ok "make $target is there" grep -qx "$target" "$tmp/targets"
done

# same FILE FILE NAME: the same lines.
same() {
	is "$(diff "$1" "$2")" "" "$3"
}

# "letter long VALUE" of every option, as the help and as the manual tell it.
"$NNVIZ" --help >"$tmp/wrapped"
is "$(LC_ALL=C.UTF-8 grep -E '^.{81}' "$tmp/wrapped")" "" \
    "--help fits a terminal of 80 columns"
unfold <"$tmp/wrapped" >"$tmp/help"
"$NNVIZ" -h | unfold >"$tmp/short"
is "$(sed '/^Style keys/,$d' "$tmp/help")" \
    "$(sed '/^nnviz-c --help also/,$d' "$tmp/short")" \
    "-h lists the same options"
sed -n '/^Style keys/q
s/^  -\(.\), --\([^ ]*\)\( [^ ]*\)\{0,1\} .*/\1 \2\3/p
s/^      --\([^ ]*\)\( [^ ]*\)\{0,1\} .*/- \1\2/p' "$tmp/help" |
    sed 's/ *$//' | sort >"$tmp/help-options"
sed -n 's/^\.It Fl \(.\) , Fl -\([a-z-]*\)\( Ar [^ ]*\)\{0,1\}$/\1 \2\3/p
s/^\.It Fl -\([a-z-]*\)\( Ar [^ ]*\)\{0,1\}$/- \1\2/p' "$page" |
    sed 's/ Ar / /' | sort >"$tmp/page-options"
ok "options are found" test "$(wc -l <"$tmp/help-options")" -ge 17
same "$tmp/help-options" "$tmp/page-options" \
    "nnviz-c(1) tells every option of --help (<), and no other (>)"

# Options that the README names are there.
grep -oE '(^|[ `])-(-[a-z-]{2,}|[A-Za-z])\b' "$readme" | tr -d ' `' | sort -u \
    >"$tmp/named"
is "$(while IFS= read -r option; do
	grep -qE -e "^ +(-., )?$option " -e "^ +$option, " "$tmp/help" ||
	    echo "$option"
done <"$tmp/named")" "" "the README's options are those of --help"

# "key = default" of every style key, and what it takes where the page says so.
sed '1,/^Style keys/d' "$tmp/help" | sed -n '/^[LE]/,$d
s/^  \([^ ]*\)\( .*\)\{0,1\} (\([^()]*\))$/\1 = \3/p' | sort >"$tmp/help-keys"
awk '$1 == ".It" && $2 == "Ic" { key = $3 }
    /^\.Pq / && key != "" {
	sub(/^\.Pq (Ql )?/, "")
	print key " = " ($0 == "nothing" ? "" : $0)
	key = ""
    }' "$style_page" | sort >"$tmp/page-keys"
ok "style keys are found" test "$(wc -l <"$tmp/help-keys")" -ge 17
same "$tmp/help-keys" "$tmp/page-keys" \
    "nnviz-style(5) tells every key and default of --help (<), no other (>)"
sed '1,/^Style keys/d' "$tmp/help" |
    sed -n 's/^  \([^ ]*\)  .*: \(.*\) ([^()]*)$/\1 \2/p' >"$tmp/help-kinds"
sed -n 's/^\.It Ic \([^ ]*\) Ns = Ns Ar \(.*\)/\1 \2/p' "$style_page" \
    >"$tmp/kinds"
ok "kinds are found" test "$(wc -l <"$tmp/help-kinds")" -ge 40
is "$(grep -vxF -f "$tmp/help-kinds" "$tmp/kinds" | grep -v '^color\.')" "" \
    "and what every key takes"

# Themes, but for the one that is no file.
{
	echo auto
	basename -s .style "$top"/styles/*.style
} | sort >"$tmp/themes"
sed -n '/^\.Sh THEMES/,/^\.El/s/^\.It Cm //p' "$style_page" | sort \
    >"$tmp/page-themes"
same "$tmp/themes" "$tmp/page-themes" "nnviz-style(5) tells every theme"

# The README's table of rooms is the one that the build is held to.
sed -n 's/^room[[:space:]]*\([a-z]*\)[[:space:]]*/\1: /p' "$top/src/LAYERS" |
    sed 's/ *$//' >"$tmp/rooms"
awk -F ' *[|] *' '/^\| *`[a-z]+` *\|.*\|.*\|.*\|$/ {
	gsub(/`/, "")
	print $2 ": " ($4 == "-" ? "" : $4)
    }' "$readme" | sed 's/ *$//' >"$tmp/readme-rooms"
same "$tmp/rooms" "$tmp/readme-rooms" "the README's rooms are those of LAYERS"

# What the README points at is there.
grep -oE '\]\([^)#:]+\)|src="[^":]+"' "$readme" |
    sed 's/^](//; s/^src="//; s/[")]$//' >"$tmp/links"
ok "the README has links" test -s "$tmp/links"
while IFS= read -r link; do
	ok "$link is there" test -e "$top/$link"
done <"$tmp/links"

# A diagnostic of the manual is a message of the program: the stretches between
# what varies (quotes, numbers, dots) stand in its strings.
ok "diagnostics are those of the program" python3 - "$page" <<'P'
import glob, re, sys
strings = ""
for name in glob.glob("src/**/*.[ch]", recursive=True):
    text = open(name, encoding="utf-8").read()
    text = re.sub(r'"\s*\n\s*"', "", text)
    strings += "\n".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', text)) + "\n"
strings = strings.replace('\\"', '"')
part = re.search(r"\.Sh DIAGNOSTICS\n(.*?)\.Sh ", open(sys.argv[1]).read(),
                 re.S).group(1)
# a quote that begins a word of mdoc is not printed
assert not re.search(r'^\.It .* "', part, re.M)
items = re.findall(r"^\.It (.*)", part.replace("\\(dq", '"'), re.M)
assert len(items) >= 5
wrong = []
for item in items:
    for piece in re.split(r'"[a-z0-9]+"|\b[0-9]+\b|\.\.\.|in FILE|: nearest|'
                          r'os\.system: |backward|(?<=holds) .*', item):
        piece = piece.strip(" ,")
        if len(piece) > 7 and piece not in strings:
            wrong.append("%s: %s" % (item, piece))
sys.exit("\n".join(wrong) or 0)
P

if command -v mandoc >/dev/null; then
	for manual in "$top"/man/*.[157]; do
		run mandoc -Tlint -Wwarning "$manual"
		is "$status:$out$err" "0:" "mandoc has nothing to say: ${manual##*/}"
	done
else
	skip "there is no mandoc" "the manual pages are well-formed"
fi

done_testing
