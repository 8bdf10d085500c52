#!/bin/sh
# Does tests/tools/deps install what is missing, and nothing else? Its package
# manager is a script here that writes down how it was called.
. "${0%/*}/lib.sh"

# A machine with the tools that every Debian has, and a pkg-config that knows
# all libraries.
bin=$tmp/bin
mkdir "$bin"
for tool in sh env cat grep mktemp rm head uname; do
	ln -s "$(command -v "$tool")" "$bin/$tool"
done

# tool NAME: a command of that name, its script on standard input.
tool() {
	{
		echo '#!/bin/sh'
		cat
	} >"$bin/$1"
	chmod +x "$bin/$1"
}

for name in cc make pkg-config dot prove nm python3 rsvg-convert pdftotext \
    xmllint mandoc strace; do
	echo 'exit 0' | tool "$name"
done
echo 'echo Liberation Sans' | tool fc-list
echo 'echo 0' | tool id
tool apt-get <<E
echo "\$DEBIAN_FRONTEND: \$*" >>"$tmp/calls"
[ ! -e "$tmp/stale" ] || [ "\$1" = update ]
status=\$?
[ "\$1" != update ] || rm -f "$tmp/stale"
exit \$status
E

deps() {
	: >"$tmp/calls"
	run env -i PATH="$bin" "$bin/sh" tests/tools/deps "$@"
	calls=$(cat "$tmp/calls")
}

flags='install -y -qq --no-install-recommends'

deps build check
is "$status:$out:$calls" "0::" "nothing is missing: nothing is said or done"

rm "$bin/mandoc"
deps build
is "$status:$calls" "0:" "what the set does not name is not installed"

deps build check
is "$status:$out" "0:deps: installing mandoc" "it says what it installs"
is "$calls" "noninteractive: $flags mandoc" "and asks nothing"

touch "$tmp/stale"
deps build check
is "$status" 0 "package lists that are absent are fetched"
is "$(printf '%s\n' "$calls" | sed 's/.*: //')" "$flags mandoc
update -qq
$flags mandoc" "but only then"

echo 'exit 100' | tool apt-get
deps build check
is "$status" 1 "a package that cannot be had is a failure"
like "$err" 'could not install mandoc$' "which names it"

echo 'exit 1' | tool pkg-config
deps build
is "$status" 1 "libraries are asked of pkg-config"
like "$err" 'install libgraphviz-dev zlib1g-dev$' "all that are missing"

rm "$bin/apt-get"
deps build
is "$status" 1 "a machine without apt-get"
like "$err" '^deps: please install, as root: libgraphviz-dev zlib1g-dev$' \
    "is told what to install"

done_testing
