import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openCdb } from "@scap/cdb";
import { outputOf } from "./measure.ts";

// Finds each key of a file, one a line, and prints the nanoseconds a lookup; the value is touched.
const C_SOURCE = `
#include <cdb.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv) {
  struct cdb cdb;
  struct timespec a, b;
  char *text, *at, **keys;
  unsigned *lengths, n = 0, i;
  unsigned long sum = 0;
  long size;
  FILE *f = fopen(argv[2], "r");
  fseek(f, 0, SEEK_END); size = ftell(f); rewind(f);
  text = malloc(size + 1);
  if (fread(text, 1, size, f) != (size_t)size || cdb_init(&cdb, open(argv[1], O_RDONLY)) != 0) return 1;
  keys = malloc(sizeof(char *) * (size / 2)); lengths = malloc(sizeof(unsigned) * (size / 2));
  for (at = text; at < text + size; at += lengths[n++] + 1) {
    keys[n] = at; lengths[n] = strcspn(at, "\\n");
  }
  for (int warm = 0; warm < 2; warm++) {
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (i = 0; i < n; i++) {
      if (cdb_find(&cdb, keys[i], lengths[i]) <= 0) return 2;
      sum += *(const unsigned char *)cdb_getdata(&cdb);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  }
  printf("%f %lu", ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / n, sum);
  return 0;
}
`;

const PHP_SOURCE = `
$keys = explode("\\n", trim(file_get_contents($argv[2])));
$db = dba_open($argv[1], "r", "cdb");
function cpu() { $u = getrusage(); return ($u["ru_utime.tv_sec"] + $u["ru_stime.tv_sec"]) * 1e9 + ($u["ru_utime.tv_usec"] + $u["ru_stime.tv_usec"]) * 1e3; }
$start = cpu();
foreach ($keys as $key) if (dba_fetch($key, $db) === false) exit(1);
printf("%f", (cpu() - $start) / count($keys));
`;

/** Compiles the lookup in C against libcdb and returns a function that measures it, in nanoseconds a lookup. */
export function cLookups(folder: string, cdbPath: string, keysPath: string): () => number {
  const source = join(folder, "lookup.c");
  const program = join(folder, "lookup");
  writeFileSync(source, C_SOURCE);
  outputOf("gcc", ["-O2", "-o", program, source, "-lcdb"]);
  return () => Number.parseFloat(outputOf(program, [cdbPath, keysPath]));
}

/** PHP's dba, in nanoseconds a lookup. */
export function phpLookups(cdbPath: string, keysPath: string): () => number {
  return () =>
    Number.parseFloat(outputOf("php", ["-d", "memory_limit=-1", "-r", PHP_SOURCE, cdbPath, keysPath]));
}

/** Ours with the file in memory, in nanoseconds a lookup. Keys are bytes, as in C; the value is touched. */
export function ourLookups(cdbPath: string, keys: readonly (string | Buffer)[]): () => number {
  const reader = openCdb(cdbPath, { mode: "memory" });
  return () => nanosecondsPer(keys, () => keys.reduce((sum, key) => sum + firstByte(reader.get(key)), 0));
}

/** {@link ourLookups} with `getMany`, for `at` keys at once. */
export function ourBatchLookups(cdbPath: string, keys: readonly Buffer[], at: number): () => number {
  const reader = openCdb(cdbPath, { mode: "memory" });
  const batches = Array.from({ length: Math.ceil(keys.length / at) }, (_, n) =>
    keys.slice(n * at, n * at + at),
  );
  const sumOf = (batch: readonly Buffer[]): number =>
    reader.getMany(batch).reduce((sum, value) => sum + firstByte(value), 0);
  return () => nanosecondsPer(keys, () => batches.reduce((sum, batch) => sum + sumOf(batch), 0));
}

function firstByte(value: Buffer | undefined): number {
  return value?.[0] ?? Number.NaN;
}

function nanosecondsPer(keys: readonly unknown[], work: () => number): number {
  const start = process.cpuUsage();
  if (Number.isNaN(work())) throw new Error("a key was not found");
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1e3) / keys.length;
}
