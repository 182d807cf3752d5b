#include "http/gzip.h"

#include <libdeflate.h>

#include <cstdint>
#include <memory>

namespace gramme {
namespace {

// Ten bytes of header, eight of trailer: the shortest member has two bytes of deflate in between.
constexpr std::size_t kGzipBytesMin = 20;

// Of libdeflate's 1 to 12: an answer is made once and read once.
constexpr int kLevel = 1;

struct Free {
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

// The last four bytes of a member: its decoded length modulo 2^32. A lie is found by libdeflate.
std::uint32_t ClaimedSize(std::string_view compressed) {
  std::uint32_t size = 0;
  for (std::size_t i = 1; i <= 4; ++i) {
    size = (size << 8) | static_cast<unsigned char>(compressed[compressed.size() - i]);
  }
  return size;
}

}  // namespace

std::expected<void, GunzipError> Gunzip(std::string_view compressed, std::size_t decoded_bytes_max,
                                        BodyBuffer& decoded) {
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> decompressor(
      libdeflate_alloc_decompressor());
  decoded.Clear();
  if (decompressor == nullptr || compressed.size() < kGzipBytesMin) {
    return std::unexpected(GunzipError::kInvalid);
  }
  const std::size_t claimed = ClaimedSize(compressed);
  if (claimed > compressed.size() * kGzipExpansionMax) {
    return std::unexpected(GunzipError::kInvalid);
  }
  if (claimed > decoded_bytes_max) return std::unexpected(GunzipError::kTooLarge);

  decoded.Reserve(claimed);
  std::size_t read = 0;
  std::size_t written = 0;
  const libdeflate_result result =
      libdeflate_gzip_decompress_ex(decompressor.get(), compressed.data(), compressed.size(),
                                    decoded.data(), claimed, &read, &written);
  if (result != LIBDEFLATE_SUCCESS || read != compressed.size() || written != claimed) {
    return std::unexpected(GunzipError::kInvalid);
  }
  decoded.SetSize(written);
  return {};
}

std::string GzipBody(std::string_view text) {
  thread_local const std::unique_ptr<libdeflate_compressor, Free> compressor(
      libdeflate_alloc_compressor(kLevel));
  if (compressor == nullptr || text.empty()) return {};
  // What does not fit is not worth it.
  std::string packed(text.size() - 1, '\0');
  packed.resize(libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), packed.data(),
                                         packed.size()));
  return packed;
}

}  // namespace gramme
