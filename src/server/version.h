// The version of this binary: CMake's project version.

#ifndef GRAMME_SERVER_VERSION_H_
#define GRAMME_SERVER_VERSION_H_

namespace gramme {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace gramme

#endif  // GRAMME_SERVER_VERSION_H_
