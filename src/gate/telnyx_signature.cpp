#include "gate/telnyx_signature.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace jobrun::gate {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t timestamp_digits_max = 12;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// Exactly `size` bytes, in the one spelling that base64 has for them.
template <std::size_t size>
std::optional<std::array<unsigned char, size>> from_base64(std::string_view text) {
  constexpr std::size_t blocks = (size + 2) / 3;
  if (text.size() != 4 * blocks) return std::nullopt;
  std::array<unsigned char, 3 * blocks> decoded{};
  std::array<char, 4 * blocks + 1> again{};
  if (EVP_DecodeBlock(decoded.data(), bytes_of(text), static_cast<int>(text.size())) < 0) return std::nullopt;
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(again.data()), decoded.data(), static_cast<int>(size));
  if (text != again.data()) return std::nullopt;
  std::array<unsigned char, size> bytes{};
  std::ranges::copy_n(decoded.begin(), size, bytes.begin());
  return bytes;
}

std::optional<Instant> instant_of(std::string_view timestamp) {
  const bool is_number = !timestamp.empty() && timestamp.size() <= timestamp_digits_max &&
                         std::ranges::all_of(timestamp, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return std::nullopt;
  std::int64_t seconds = 0;
  std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  return Instant{std::chrono::seconds{seconds}};
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct TelnyxSignatureCheck::Impl {
  std::unique_ptr<EVP_PKEY, FreeKey> key;

  bool is_signed(std::string_view data, const std::array<unsigned char, signature_bytes>& signature) const {
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    if (context == nullptr || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
      throw std::runtime_error("Ed25519 is not available in this OpenSSL");
    }
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes_of(data), data.size()) == 1;
  }
};

TelnyxSignatureCheck::TelnyxSignatureCheck(std::string_view public_key) : impl_(std::make_unique<Impl>()) {
  const auto bytes = from_base64<key_bytes>(public_key);
  if (bytes) impl_->key.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes->data(), key_bytes));
  if (impl_->key == nullptr) {
    throw std::invalid_argument("Telnyx's public key must be 32 bytes in base64, as its portal shows it");
  }
}

TelnyxSignatureCheck::~TelnyxSignatureCheck() = default;
TelnyxSignatureCheck::TelnyxSignatureCheck(TelnyxSignatureCheck&&) noexcept = default;
TelnyxSignatureCheck& TelnyxSignatureCheck::operator=(TelnyxSignatureCheck&&) noexcept = default;

TelnyxSignatureCheck::Verdict TelnyxSignatureCheck::check(std::string_view timestamp, std::string_view body,
                                                          std::string_view signature, Instant now) {
  const std::optional<Instant> signed_at = instant_of(timestamp);
  const auto bytes = from_base64<signature_bytes>(signature);
  if (!signed_at || !bytes) return Verdict::wrong;
  std::string data(timestamp);
  data.append("|").append(body);
  if (!impl_->is_signed(data, *bytes)) return Verdict::wrong;
  const bool is_outdated = *signed_at < now - age_max || *signed_at > now + age_max;
  return is_outdated ? Verdict::outdated : Verdict::accepted;
}

}  // namespace jobrun::gate
