#!/bin/sh
# Does a failing check fail the run? If not, no other test says anything. Asked
# of `make check` itself, in a checkout of one line of C and one test.
. "${0%/*}/lib.sh"

unset MAKEFLAGS MAKELEVEL MFLAGS BUILD NNVIZ VALUE_DUMP CFLAGS NNVIZ_GOLDEN
house=$tmp/house
mkdir -p "$house/src" "$house/tests/unit" "$house/tests/tools"
cp Makefile "$house"
cp tests/run tests/lib.sh tests/lsan.supp "$house/tests"
cp tests/unit/unit.h "$house/tests/unit"
cp tests/tools/deps "$house/tests/tools"
echo 'int main(void) { return 0; }' >"$house/src/main.c"

# shell_test: the body of the one test in shell, on standard input.
shell_test() {
	rm -f "$house/tests/unit/test_one.c"
	{
		# shellcheck disable=SC2016 # for the other shell
		printf '#!/bin/sh\n. "${0%%/*}/lib.sh"\n'
		cat
	} >"$house/tests/one.t"
	chmod +x "$house/tests/one.t"
}

# unit_test: the body of the one function of a unit program.
unit_test() {
	rm -f "$house/tests/one.t"
	{
		printf '#include "unit.h"\nstatic void\none(void **state)\n{\n'
		printf '\t(void)state;\n'
		cat
		printf '}\nUNIT_MAIN("one", cmocka_unit_test(one))\n'
	} >"$house/tests/unit/test_one.c"
}

check() {
	run make -C "$house" check
}

expect_failure() {
	check
	is "$status" 2 "make check fails: $1"
	like "$out" '^Result: FAIL$' "and prove says so: $1"
}

shell_test <<'EOF'
is 1 1 "one is one"
done_testing
EOF
check
is "$status" 0 "make check succeeds with a passing test in shell"
like "$out" '^All tests successful' "and its summary says so"
like "$out" '^Files=1, Tests=1,' "and counts the test"

unit_test <<'EOF'
	assert_int_equal(1, 1);
EOF
check
is "$status" 0 "make check succeeds with a passing unit"
like "$out" '^Files=1, Tests=1,' "and counts the unit"

shell_test <<'EOF'
pass "the first"
is 1 2 "one is two"
done_testing
EOF
expect_failure "a check in shell"

shell_test <<'EOF'
pass "the only"
exit 0
EOF
expect_failure "a test that ends without a plan"

shell_test <<'EOF'
pass "the only"
echo 1..2
EOF
expect_failure "a test that keeps less than its plan"

shell_test <<'EOF'
echo ok 1
echo 1..1
exit 3
EOF
expect_failure "a test whose exit status is not 0"

shell_test <<'EOF'
ok "false" false
done_testing
EOF
expect_failure "ok of a failing command"

shell_test <<'EOF'
not_ok "a crash" sh -c 'kill -SEGV $$'
done_testing
EOF
expect_failure "not_ok of a crash"

shell_test <<'EOF'
like abc '^b' "abc begins with b"
done_testing
EOF
expect_failure "like"

shell_test <<'EOF'
unlike abc b "abc has no b"
done_testing
EOF
expect_failure "unlike"

shell_test <<'EOF'
echo one >"$tmp/one"
echo two >"$tmp/two"
golden "$tmp/one" "$tmp/two" "one is two"
done_testing
EOF
expect_failure "a golden file that differs"

shell_test <<'EOF'
sleep 60
done_testing
EOF
export NNVIZ_TEST_TIMEOUT=1
expect_failure "a test that hangs"
unset NNVIZ_TEST_TIMEOUT

unit_test <<'EOF'
	assert_int_equal(1, 2);
EOF
expect_failure "an assertion in a unit"

unit_test <<'EOF'
	*(volatile int *)*state = 1;
EOF
expect_failure "a unit that crashes"

shell_test <<'EOF'
pass "the only"
done_testing
EOF
echo 'int main(void) { return zero; }' >"$house/src/main.c"
check
is "$status" 2 "make check fails: a program that does not compile"

done_testing
