# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by the scripts in this folder; sourced, never run. Gives: root, build, jobs, step, stop.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${SONIC_BUILD_DIR:-$root/build/release}

# stop SENTENCE [CODE]: ends the script with one plain sentence.
stop() {
  printf '\n%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-1}"
}

# Parallel jobs: one a core, but at most one for each 1.5 GiB of free memory, which the largest SystemC sources need.
jobs() {
  local cores memory_kib limit=/sys/fs/cgroup/memory.max
  cores=$(nproc)
  memory_kib=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo 2>/dev/null) || true
  memory_kib=${memory_kib:-$((cores * 1572864))}
  if [[ -r $limit && $(<"$limit") != max ]]; then
    local limit_kib=$(($(<"$limit") / 1024))
    memory_kib=$((limit_kib < memory_kib ? limit_kib : memory_kib))
  fi
  local by_memory=$((memory_kib / 1572864))
  by_memory=$((by_memory < 1 ? 1 : by_memory))
  echo $((by_memory < cores ? by_memory : cores))
}

# step TITLE COMMAND...: says what starts and how long it took; a failure ends the script and names the step.
step() {
  local title=$1 start=$SECONDS
  shift
  printf '\n==> %s\n' "$title"
  "$@" || stop "the step \"$title\" failed (command: $*); its messages are above." $?
  printf -- '--- %s: %d s\n' "$title" $((SECONDS - start))
}

# configure [CMAKE_OPTION...]
configure() {
  cmake --preset release -S "$root" -B "$build" -DSONIC_WERROR="${SONIC_WERROR:-OFF}" "$@"
}

# source_files PATTERN...: the tracked and the new files of the tree that match, ignored ones left out.
source_files() {
  (cd "$root" && git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
    [[ ! -f $file ]] || echo "$file"
  done)
}
