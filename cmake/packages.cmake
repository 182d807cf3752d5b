# Every library from outside, each a Debian bookworm package (see scripts/lib/packages.txt).
find_package(Threads REQUIRED)
find_package(RocksDB REQUIRED)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
# Under another prefix, because RocksDB's own search for zstd reads the variables zstd_*.
pkg_check_modules(pkg_zstd REQUIRED IMPORTED_TARGET GLOBAL libzstd)
add_library(PkgConfig::zstd ALIAS PkgConfig::pkg_zstd)
pkg_check_modules(deflate REQUIRED IMPORTED_TARGET libdeflate)
if(GRAMME_TESTS)
  find_package(GTest REQUIRED)
endif()
if(GRAMME_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()

# llhttp: Debian carries its C sources (package node-llhttp), no library.
set(GRAMME_LLHTTP_DIR /usr/share/llhttp CACHE PATH "Folder of llhttp's C sources")
