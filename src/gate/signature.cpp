#include "gate/signature.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>

#include "gate/canary.hpp"

namespace jobrun::gate {
namespace {

constexpr std::size_t sha1_bytes = 20;
constexpr std::size_t signature_characters = 28;
using Mac = std::array<unsigned char, sha1_bytes>;

struct FreeMacContext {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

/// HMAC-SHA1 under one key, made ready once.
class KeyedMac {
 public:
  explicit KeyedMac(std::string_view key) {
    EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    context_.reset(algorithm == nullptr ? nullptr : EVP_MAC_CTX_new(algorithm));
    EVP_MAC_free(algorithm);
    std::string digest = "SHA1";
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_end()};
    const auto* const bytes = reinterpret_cast<const unsigned char*>(key.data());
    if (context_ == nullptr || EVP_MAC_init(context_.get(), bytes, key.size(), parameters.data()) != 1) {
      throw std::runtime_error("HMAC-SHA1 is not available in this OpenSSL");
    }
  }

  Mac of(std::string_view head, std::string_view tail) {
    Mac mac{};
    std::size_t size = 0;
    // Without a key: back to the keyed state.
    const bool ok = EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 && update(head) && update(tail) &&
                    EVP_MAC_final(context_.get(), mac.data(), &size, mac.size()) == 1;
    if (!ok || size != mac.size()) throw std::runtime_error("HMAC-SHA1 failed");
    return mac;
  }

 private:
  bool update(std::string_view text) {
    return EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  }
  std::unique_ptr<EVP_MAC_CTX, FreeMacContext> context_;
};

std::array<char, signature_characters + 1> base64_of(const Mac& mac) {
  std::array<char, signature_characters + 1> text{};
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), mac.data(), static_cast<int>(mac.size()));
  return text;
}

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view canary_prefix = "CA";
constexpr std::size_t canary_half = 16;

std::string hex_of(std::span<const unsigned char> bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    text += hex_digits[byte >> 4];
    text += hex_digits[byte & 15];
  }
  return text;
}

/// What proves a canary's CallSid: so many digits of the MAC of its first half.
std::string proof_of_canary(KeyedMac& mac, std::string_view first_half) {
  const Mac whole = mac.of("JobRun canary ", first_half);
  return hex_of(std::span(whole).first(canary_half / 2));
}

std::string hex_sha256(std::string_view body) {
  std::array<unsigned char, 32> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, body.data(), body.size(), digest.data(), &size) != 1) {
    throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  }
  return hex_of(digest);
}

/// The carrier sorts as its language does, by UTF-16 unit. UTF-8's own order differs in one thing: U+E000 to
/// U+FFFF (lead bytes EE and EF) come after what UTF-16 spells with surrogates (lead bytes F0 to F4).
int sort_key(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

int compare_as_utf16(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  if (in_a == a.end() || in_b == b.end()) return (in_a == a.end() ? 0 : 1) - (in_b == b.end() ? 0 : 1);
  return sort_key(*in_a) - sort_key(*in_b);
}

void sort_parameters(std::span<Form::Parameter> parameters, bool is_ascii) {
  // For ASCII both orders are the same, and this comparison is many times faster.
  const auto as_bytes = [](std::string_view a, std::string_view b) { return a.compare(b); };
  const auto by = [](auto compare) {
    return [compare](const Form::Parameter& a, const Form::Parameter& b) {
      const int names = compare(a.name, b.name);
      return names != 0 ? names < 0 : compare(a.value, b.value) < 0;
    };
  };
  if (is_ascii) {
    std::ranges::sort(parameters, by(as_bytes));
  } else {
    std::ranges::sort(parameters, by(compare_as_utf16));
  }
}

/// Appends what is signed of the parameters.
void append_parameters(std::string& data, std::span<const Form::Parameter> sorted) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0 && sorted[i] == sorted[i - 1]) continue;
    data += sorted[i].name;
    data += sorted[i].value;
  }
}

/// The bases that the carrier may have written for a configured one.
std::vector<std::string> spellings_of(std::string_view public_url) {
  std::string_view base = public_url;
  while (base.ends_with('/')) base.remove_suffix(1);
  const bool is_https = base.starts_with("https://");
  const std::string_view scheme = is_https ? "https://" : "http://";
  const std::string_view rest = base.starts_with(scheme) ? base.substr(scheme.size()) : std::string_view();
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::string_view path = rest.substr(authority.size());
  if (authority.empty() || base.find_first_of("?# ") != base.npos) {
    throw std::invalid_argument(
        "the public URL must be http(s)://host[:port][/base], for example https://calls.example.com");
  }
  const std::string_view default_port = is_https ? ":443" : ":80";
  // The colon of a port is the last one, and not inside the brackets of an IPv6 address.
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != authority.npos && authority.find(']', colon) == authority.npos;
  const std::string_view host = has_port ? authority.substr(0, colon) : authority;
  std::vector<std::string> spellings = {std::string(base)};
  const auto add = [&](std::string_view port) {
    std::string spelling;
    spelling.append(scheme).append(host).append(port).append(path);
    spellings.push_back(std::move(spelling));
  };
  if (!has_port) add(default_port);
  if (has_port && authority.substr(colon) == default_port) add({});
  return spellings;
}

/// The value of `bodySHA256` in a target's query. Only hexadecimal digits matter, so nothing is decoded.
std::optional<std::string_view> body_hash_in(std::string_view target) {
  constexpr std::string_view name = "bodySHA256=";
  const std::size_t question = target.find('?');
  std::string_view query = question == target.npos ? std::string_view() : target.substr(question + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    if (pair.starts_with(name)) return pair.substr(name.size());
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
  return std::nullopt;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lower;
}

}  // namespace

struct SignatureCheck::Impl {
  std::vector<std::string> bases;
  std::vector<KeyedMac> macs;
  std::string data;
  std::vector<Form::Parameter> sorted;

  /// `data` is what follows the base.
  bool accepts(std::string_view signature) {
    if (signature.size() != signature_characters) return false;
    for (const std::string& base : bases) {
      for (KeyedMac& mac : macs) {
        const auto expected = base64_of(mac.of(base, data));
        if (equal_in_constant_time({expected.data(), signature_characters}, signature)) return true;
      }
    }
    return false;
  }
};

SignatureCheck::SignatureCheck(std::string_view public_url, const std::vector<std::string>& auth_tokens)
    : impl_(std::make_unique<Impl>()) {
  impl_->bases = spellings_of(public_url);
  for (const std::string& token : auth_tokens) {
    if (!token.empty()) impl_->macs.emplace_back(token);
  }
  if (impl_->macs.empty()) throw std::invalid_argument("no auth token is configured: no webhook could be checked");
}

SignatureCheck::~SignatureCheck() = default;
SignatureCheck::SignatureCheck(SignatureCheck&&) noexcept = default;
SignatureCheck& SignatureCheck::operator=(SignatureCheck&&) noexcept = default;

bool SignatureCheck::accepts_form(std::string_view target, const Form& form, std::string_view signature) {
  impl_->sorted.clear();
  for (std::size_t i = 0; i < form.size(); ++i) impl_->sorted.push_back(form[i]);
  sort_parameters(impl_->sorted, form.is_ascii());
  impl_->data = target;
  append_parameters(impl_->data, impl_->sorted);
  return impl_->accepts(signature);
}

bool SignatureCheck::accepts_get(std::string_view target, std::string_view signature) {
  impl_->data = target;
  return impl_->accepts(signature);
}

bool SignatureCheck::accepts_body(std::string_view target, std::string_view body, std::string_view signature) {
  const std::optional<std::string_view> hash = body_hash_in(target);
  if (!hash || !equal_in_constant_time(lower_case(*hash), hex_sha256(body))) return false;
  return accepts_get(target, signature);
}

bool SignatureCheck::is_canarys(const CallSid& call_sid) {
  std::string_view digits = call_sid.text();
  if (digits.size() != canary_prefix.size() + 2 * canary_half || !digits.starts_with(canary_prefix)) return false;
  digits.remove_prefix(canary_prefix.size());
  const std::string_view first_half = digits.substr(0, canary_half);
  return std::ranges::any_of(impl_->macs, [&](KeyedMac& mac) {
    return equal_in_constant_time(proof_of_canary(mac, first_half), digits.substr(canary_half));
  });
}

CallSid canary_call_sid(std::string_view auth_token, std::uint64_t number) {
  std::string first_half(canary_half, '0');
  for (std::size_t i = canary_half; i > 0; number >>= 4U) first_half[--i] = hex_digits[number & 15U];
  KeyedMac mac(auth_token);
  return *CallSid::parse(std::string(canary_prefix) + first_half + proof_of_canary(mac, first_half));
}

std::string sign_form(std::string_view token, std::string_view url, const Parameters& parameters) {
  std::vector<Form::Parameter> sorted;
  sorted.reserve(parameters.size());
  for (const auto& [name, value] : parameters) sorted.push_back({name, value});
  sort_parameters(sorted, false);
  std::string data(url.substr(0, url.find('#')));
  append_parameters(data, sorted);
  return base64_of(KeyedMac(token).of(data, {})).data();
}

std::string with_body_hash(std::string_view url, std::string_view body) {
  std::string longer(url);
  longer += url.contains('?') ? '&' : '?';
  longer += "bodySHA256=" + hex_sha256(body);
  return longer;
}

}  // namespace jobrun::gate
