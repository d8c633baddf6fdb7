// Telnyx's half of its signature, for whoever plays Telnyx.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace jobrun::gate::testing {

class TelnyxSigner {
 public:
  /// Another seed, another key.
  explicit TelnyxSigner(unsigned char seed) {
    std::array<unsigned char, 32> secret{};
    secret.fill(seed);
    key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
    if (key_ == nullptr) throw std::runtime_error("Ed25519 is not available in this OpenSSL");
  }

  std::string public_key() const {
    std::array<unsigned char, 32> bytes{};
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size) != 1)
      throw std::runtime_error("no public key");
    return base64_of(bytes);
  }

  std::string sign(std::string_view timestamp, std::string_view body) const {
    const std::string data = std::string(timestamp) + "|" + std::string(body);
    std::array<unsigned char, 64> bytes{};
    std::size_t size = bytes.size();
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const bool is_signed = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
                           EVP_DigestSign(context.get(), bytes.data(), &size,
                                          reinterpret_cast<const unsigned char*>(data.data()), data.size()) == 1;
    if (!is_signed) throw std::runtime_error("cannot sign");
    return base64_of(bytes);
  }

 private:
  template <std::size_t size>
  static std::string base64_of(const std::array<unsigned char, size>& bytes) {
    std::array<char, (size + 2) / 3 * 4 + 1> text{};
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(size));
    return text.data();
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, &EVP_PKEY_free};
};

}  // namespace jobrun::gate::testing
