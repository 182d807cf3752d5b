# Flags for our own code. Warnings are errors; library headers are system headers and exempt.
add_library(gramme_flags INTERFACE)
target_compile_options(gramme_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wno-missing-field-initializers -Wold-style-cast -Wimplicit-fallthrough -Werror -fno-strict-overflow>)
# g++ 12 sees uninitialised members in optionals that are never read; clang-tidy and the sanitizers
# look for the real ones.
target_compile_options(gramme_flags INTERFACE
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-Wno-maybe-uninitialized>)
# libstdc++ 12 calls in its own headers what C++23 deprecates; clang blames those who use them.
target_compile_options(gramme_flags INTERFACE
  $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:Clang>>:-Wno-deprecated-declarations>)
target_include_directories(gramme_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(GRAMME_PLANTED_BUGS)
  target_compile_definitions(gramme_flags INTERFACE GRAMME_PLANTED_BUGS=1)
endif()

if(GRAMME_SANITIZE)
  add_compile_options(-fsanitize=${GRAMME_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${GRAMME_SANITIZE})
endif()
add_compile_options(-fstack-protector-strong -fPIE)
add_link_options(-pie -Wl,-z,relro,-z,now)

find_program(GRAMME_CCACHE ccache)
if(GRAMME_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${GRAMME_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GRAMME_CCACHE})
endif()
find_program(GRAMME_MOLD mold)
if(GRAMME_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()
