/*
 * A main for a fuzz target that is built without libFuzzer: replays what is in
 * tests/fuzz/corpus/NAME for fuzz_NAME, each file whole, cut after every byte
 * and with every byte changed, as a TAP test. What libFuzzer found lies in its
 * folder "found": it is replayed whole, and is one test. A crash ends the
 * program, which prove notices; the last line says where it was.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOUND "found"

enum {
	FILE_MAX = 1 << 20,
	PLACES_MAX = 4096 /* a longer file is only damaged in these many */
};

static int
is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, FOUND) != 0;
}

/* The bytes of a file, in memory of exactly that size, so that a sanitizer
 * sees the first byte that is read beyond it. */
static uint8_t *
read_input(const char *path, size_t *size)
{
	uint8_t *buf = malloc(FILE_MAX), *exact = NULL;
	FILE *file = fopen(path, "rb");

	if (buf != NULL && file != NULL) {
		*size = fread(buf, 1, FILE_MAX, file);
		exact = malloc(*size + 1);
		if (exact != NULL)
			memcpy(exact, buf, *size);
	}
	if (file != NULL)
		fclose(file);
	free(buf);
	return exact;
}

static void
replay_prefix(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size != 0 ? size : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, bytes, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

/* Each byte in turn as a neighbour, with its high bit flipped, and inverted. */
static void
replay_changed(uint8_t *bytes, size_t size)
{
	static const uint8_t changes[] = { 0x01, 0x80, 0xff };

	for (size_t at = 0; at < size && at < PLACES_MAX; at++)
		for (size_t i = 0; i < sizeof(changes); i++) {
			bytes[at] ^= changes[i];
			replay_prefix(bytes, size);
			bytes[at] ^= changes[i];
		}
}

static bool
replay(const char *path)
{
	size_t size = 0, n;
	uint8_t *bytes = read_input(path, &size);

	if (bytes == NULL)
		return false;
	for (n = 0; n < size && n < PLACES_MAX; n++)
		replay_prefix(bytes, n);
	replay_prefix(bytes, size);
	replay_changed(bytes, size);
	free(bytes);
	return true;
}

/* What was found, whole; false: there is none, or it cannot be read. */
static bool
replay_found(const char *dir)
{
	struct dirent **entries = NULL;
	char path[1024];
	int n, nread = 0;

	snprintf(path, sizeof(path), "%s/" FOUND, dir);
	n = scandir(path, &entries, is_input, alphasort);
	for (int i = 0; i < n; i++) {
		size_t size = 0;
		uint8_t *bytes;

		snprintf(path, sizeof(path), "%s/" FOUND "/%s", dir,
		    entries[i]->d_name);
		printf("# %s\n", path);
		fflush(stdout);
		bytes = read_input(path, &size);
		if (bytes != NULL)
			replay_prefix(bytes, size);
		nread += bytes != NULL;
		free(bytes);
		free(entries[i]);
	}
	free(entries);
	return n > 0 && nread == n;
}

static bool
has_found(const char *dir)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/" FOUND, dir);
	return access(path, R_OK) == 0;
}

int
main(int argc, char **argv)
{
	struct dirent **entries = NULL;
	char dir[256], path[1024];
	const char *name = argc > 0 ? strrchr(argv[0], '/') : NULL;
	int i, n, failed = 0;
	bool found;

	if (name == NULL || strncmp(name, "/fuzz_", 6) != 0)
		return 2;
	snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s", name + 6);
	n = scandir(dir, &entries, is_input, alphasort);
	found = n > 0 && has_found(dir);
	printf("1..%d\n", n < 1 ? 1 : n + found);
	if (n < 1) {
		printf("not ok 1 - %s has no inputs\n", dir);
		return 1;
	}
	for (i = 0; i < n; i++) {
		bool ok;

		snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
		printf("# %s\n", path);
		fflush(stdout);
		ok = replay(path);
		failed += !ok;
		printf("%sok %d - %s\n", ok ? "" : "not ", i + 1,
		    entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (found) {
		bool ok = replay_found(dir);

		failed += !ok;
		printf("%sok %d - what libFuzzer found\n", ok ? "" : "not ",
		    n + 1);
	}
	return failed != 0;
}
