// TemporaryDirectory: a fresh directory under the system's place for such. It stays until Remove(),
// so that a failed test leaves what it saw.

#ifndef GRAMME_TESTS_CLIENT_TEMPORARY_DIRECTORY_H_
#define GRAMME_TESTS_CLIENT_TEMPORARY_DIRECTORY_H_

#include <string>
#include <string_view>

namespace gramme {

class TemporaryDirectory {
 public:
  // Aborts the test program when it cannot be made.
  explicit TemporaryDirectory(std::string_view stem);

  const std::string& path() const { return path_; }
  void Remove();

 private:
  std::string path_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_TEMPORARY_DIRECTORY_H_
