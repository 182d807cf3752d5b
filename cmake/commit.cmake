# Writes the C++ file OUT that names the commit of the tree SOURCE: 12 digits, "-changed" after them
# if anything was that the program is built from, or "unknown" outside git. Run by each build
# (src/cli/CMakeLists.txt); the file is touched only when its text changes.
set(COMMIT unknown)
find_program(GIT git)
if(GIT)
  execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE HEAD RESULT_VARIABLE FAILED OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT FAILED)
    set(COMMIT ${HEAD})
    execute_process(COMMAND ${GIT} -C ${SOURCE} status --porcelain -- src cmake CMakeLists.txt
      CMakePresets.json OUTPUT_VARIABLE CHANGES ERROR_QUIET)
    if(CHANGES)
      string(APPEND COMMIT -changed)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT [[
#include "cli/commit.h"

namespace gramme {

const char* const kCommit = "@COMMIT@";

}  // namespace gramme
]] @ONLY)
