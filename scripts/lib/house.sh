# Shared by the scripts of this folder; sourced, never run.
# Defines $root and the functions install_packages and build.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '== %s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
  exit 1
}

# Names the packages of the given groups that are neither installed nor provided otherwise.
missing_packages() {
  local group package command
  while read -r group package command; do
    [[ " $* " == *" $group "* ]] || continue
    [[ -z $command ]] || ! command -v "$command" >/dev/null || continue
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      printf '%s\n' "$package"
  done < <(grep -v '^#' "$root/scripts/lib/packages.txt" | grep .)
}

# install_packages GROUP...: installs what is missing, and touches no network when nothing is.
install_packages() {
  command -v dpkg-query >/dev/null ||
    die "this script installs Debian packages; elsewhere, install what scripts/lib/packages.txt lists and use cmake --preset"
  local missing
  mapfile -t missing < <(missing_packages "$@" | sort -u)
  ((${#missing[@]} > 0)) || return 0
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
  if ((EUID != 0)); then
    command -v sudo >/dev/null || die "needs root or sudo to install: ${missing[*]}"
    apt=(sudo "${apt[@]}")
  fi
  say "installing ${missing[*]}"
  "${apt[@]}" update -q >&2
  "${apt[@]}" install -q -y --no-install-recommends "${missing[@]}" >&2
}

# build PRESET TARGET...: configures build/PRESET and builds the targets.
build() {
  local preset=$1
  shift
  say "building $preset: $*"
  (
    cd "$root"
    cmake --preset "$preset" >&2
    cmake --build --preset "$preset" --parallel "${GRAMME_JOBS:-$(nproc)}" --target "$@" >&2
  )
}
