// `X-Twilio-Signature`: the only proof that a webhook comes from the carrier.
//
// The signature is base64(HMAC-SHA1(token, data)); what the data are depends on the request:
//   form POST   the URL, then for every parameter, sorted by name, its name and value; of a name given several
//               times its unique values, sorted, the name before each;
//   GET         the URL;
//   other body  the URL, whose query must have `bodySHA256`, the hex SHA-256 of the raw body.
// The URL is the one the carrier was told, with its query and without a fragment. It is put together from
// the configured public base and the raw path and query, never from what the client says in `Host`. The
// carrier leaves out a default port or writes it: both are accepted.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "gate/form.hpp"

namespace jobrun::gate {

/// Checks signatures. Not for several threads at once: it reuses its buffers and keyed states, since every
/// webhook passes here.
class SignatureCheck {
 public:
  /// `public_url`: `http(s)://host[:port][/base]`, as the carrier was told, without query and fragment.
  /// `auth_tokens`: any of them may have signed (rotation, sub-accounts). Throws std::invalid_argument when
  /// the URL is not of that shape or there is no token: such a service would refuse every webhook.
  SignatureCheck(std::string_view public_url, const std::vector<std::string>& auth_tokens);
  ~SignatureCheck();
  SignatureCheck(const SignatureCheck&) = delete;
  SignatureCheck& operator=(const SignatureCheck&) = delete;
  SignatureCheck(SignatureCheck&&) noexcept;
  SignatureCheck& operator=(SignatureCheck&&) noexcept;

  /// `target` is the raw path and query. Compared in constant time.
  bool accepts_form(std::string_view target, const Form& form, std::string_view signature);
  bool accepts_get(std::string_view target, std::string_view signature);
  /// A body that is no form, such as JSON.
  bool accepts_body(std::string_view target, std::string_view body, std::string_view signature);
  /// Whether the CallSid was made by canary_call_sid() under one of the tokens.
  bool is_canarys(const CallSid& call_sid);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Signs as the carrier does: a form POST, or with no parameters a GET. For whoever plays the carrier.
std::string sign_form(std::string_view token, std::string_view url, const Parameters& parameters);

/// `url` with the `bodySHA256` of `body` added to its query: what the carrier requests with a JSON body, to
/// be signed with no parameters.
std::string with_body_hash(std::string_view url, std::string_view body);

}  // namespace jobrun::gate
