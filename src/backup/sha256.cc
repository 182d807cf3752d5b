#include "backup/sha256.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace gramme {
namespace {

constexpr std::size_t kDigestBytes = 32;

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  GRAMME_CHECK(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1,
               "OpenSSL has no SHA-256");
}

void Sha256::Add(std::string_view bytes) {
  GRAMME_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "SHA-256 failed");
}

std::string Sha256::Finish() {
  unsigned char digest[kDigestBytes] = {};
  GRAMME_CHECK(EVP_DigestFinal_ex(context_.get(), digest, nullptr) == 1, "SHA-256 failed");
  return {std::begin(digest), std::end(digest)};
}

std::string Sha256Of(std::string_view bytes) {
  Sha256 hash;
  hash.Add(bytes);
  return hash.Finish();
}

}  // namespace gramme
