// SHA-256 of bytes that come piece by piece.

#ifndef GRAMME_BACKUP_SHA256_H_
#define GRAMME_BACKUP_SHA256_H_

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace gramme {

// A value that moves; used by one thread.
class Sha256 {
 public:
  Sha256();

  void Add(std::string_view bytes);
  // The 32 bytes of the digest. Once.
  std::string Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string Sha256Of(std::string_view bytes);

}  // namespace gramme

#endif  // GRAMME_BACKUP_SHA256_H_
