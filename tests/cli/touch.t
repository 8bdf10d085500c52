#!/bin/sh
# A file is data: whatever it says, the program opens what it opens for any
# other drawing, and starts nobody. Seen from outside, by strace.
. "${0%/*}/../lib.sh"

command -v strace >/dev/null || skip_all "no strace here"
! sanitized || skip_all "a sanitizer starts and opens things of its own"
strace -o /dev/null true 2>/dev/null || skip_all "strace may not trace here"

cd "$tmp" || exit 1
mkdir hostile
python3 - <<'E'
import pickle

CALLS = {
    "system": b"cos\nsystem\n(S'touch pwned'\ntR.",
    "exec": b"cbuiltins\nexec\n(S'open(\"pwned\", \"w\")'\ntR.",
    "open": b"cio\nopen\n(S'/etc/passwd'\ntR.",
    "stack": b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x0btouch pwned\x85R.",
    "inst": b"(S'touch pwned'\nios\nsystem\n.",
    "persid": b"Pfile:///etc/passwd\n.",
    "ext": b"\x80\x02\x82\x01.",
}
for name, data in CALLS.items():
    with open(f"hostile/{name}.pkl", "wb") as file:
        file.write(data)
PATHS = ["/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x",
         "|touch pwned", "$(touch pwned)", "../../../etc/shadow",
         "/dev/tcp/127.0.0.1/9", "\\\\host\\share", "pwned.so"]
nodes = {}
for i, path in enumerate(PATHS):
    stack = {"name": path, "type": path, "file_path": path, "lineno": 1}
    nodes[2 * i + 2] = {"id": 2 * i + 2, "inputs": [2 * i + 1],
                        "outputs": [2 * i + 3], "stacks": [stack],
                        "attrs": {"is_var": "0", "name": path, "image": path,
                                  "shapefile": path, "URL": path}}
    nodes[2 * i + 3] = {"id": 2 * i + 3, "inputs": [2 * i + 2], "outputs": [],
                        "stacks": [stack],
                        "attrs": {"is_var": "1", "name": path, "dtype": path,
                                  "shape": "[1,]", "ndim": "1", "dsize": "4"}}
with open("hostile/paths.pkl", "wb") as file:
    pickle.dump({"node_data": nodes, "execute_op_info": {
        0: {"fused_ops": [2], "jit_key": PATHS[0], "file_path": PATHS[0],
            "attrs": {}}}}, file)
E
cp "$top/samples/simple_model.pkl" tame.pkl

# traced FILE: the files that a drawing of it opens, and the programs started.
traced() {
	strace -f -qq -e trace=execve,execveat,open,openat,creat,connect,socket \
	    -e signal=none -o trace "$NNVIZ" -q "$1" --keep -d -1 -T svg \
	    -o out.svg >/dev/null 2>&1
	# what exists not was not opened; the file itself may be
	grep -vE ' = -1 |\.gcda"|SIGCHLD|\+\+\+' trace | sed 's/^[0-9]* *//' |
	    grep -v "^open.*\"$1\"" | sed -E 's/^execve\(("[^"]*").*/execve(\1)/
s/nnviz-[A-Za-z0-9]{6}/nnviz-TEMP/
s/0x[0-9a-f]+/ADDRESS/g; s/\) += [0-9]+.*$/)/' | LC_ALL=C sort -u
}

traced tame.pkl >tame
like "$(cat tame)" 'nnviz-TEMP' "strace sees what is written"
is "$(grep -c execve tame)" 1 "no program is started but ours"
is "$(grep -cE '^(socket|connect)' tame)" 0 "nobody is called"
# What a drawing may open: libraries, fonts, locales, itself.
allowed='"(/lib|/usr|/etc/(ld\.so|fonts|pango|papersize|localtime)|/var/cache/|/proc/(self|filesystems)|/sys/|/dev/(null|urandom)|\./\.nnviz-TEMP|\.nnviz-TEMP|[^"]*/(fontconfig|fonts|\.fonts)|[^"]*/gvplugin|[^"]*/build[^"]*/nnviz-c")'
is "$(grep -E '^open' tame | grep -vE "$allowed")" "" \
    "only libraries, fonts and the picture are opened"
for file in hostile/*.pkl; do
	traced "$file" >seen
	is "$(LC_ALL=C comm -13 tame seen)" "" \
	    "${file##*/} opens and starts nothing more"
	is "$(find . -name 'pwned*')" "" "${file##*/} was not obeyed"
done
like "$(cat out.svg)" '/etc/passwd' "and the one with the paths was drawn"

done_testing
