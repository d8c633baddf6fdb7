// The account behind our numbers: whether it is open and paid for, and what of it stands between a text that came
// in and us. And the one thing that we change there: whom the carrier asks about a number's calls and texts.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/result.hpp"

namespace jobrun {

enum class AccountStatus { active, suspended, closed };

struct AccountState {
  AccountStatus status = AccountStatus::active;
  bool is_trial = false;  ///< texts nobody but phones that were verified by hand
};

struct AccountBalance {
  double amount = 0;     ///< in units of the currency; below nothing where it is owed
  std::string currency;  ///< `USD`; three capital letters
};

/// A group of numbers whose own address for texts may hold instead of each number's.
struct MessagingService {
  std::string sid;
  std::string name;           ///< as its owner called it, at most 200 characters
  std::string inbound_url{};  ///< empty: texts that come in are dropped, and are in no list
  std::string inbound_method{};
  bool uses_numbers_urls = false;  ///< each number's own address holds, whatever `inbound_url` is
  std::vector<E164> numbers{};     ///< ascending
  /// The status of each registration for texts to the US, as `VERIFIED`.
  Result<std::vector<std::string>> campaigns{};
};

/// What could be found out; each part fails by itself, saying why.
struct AccountFacts {
  Result<AccountState> state = failure(ErrorKind::unavailable, "the carrier was not asked");
  Result<AccountBalance> balance = failure(ErrorKind::unavailable, "the carrier was not asked");
  Result<std::vector<MessagingService>> services = failure(ErrorKind::unavailable, "the carrier was not asked");
};

/// Looks only.
class CarrierAccount {
 public:
  using LookedAt = std::function<void(AccountFacts)>;
  virtual ~CarrierAccount() = default;
  /// Any thread, never blocks. `done` is called exactly once, on a thread of the carrier's. Bounded in requests
  /// and bytes; what is longer than the bound cannot be told.
  virtual void look_at_account(LookedAt done) = 0;
};

/// A field of a number's configuration that we set.
enum class WebhookField {
  voice_url,
  voice_method,
  voice_fallback_url,
  status_callback,
  status_callback_method,
  sms_url,
  sms_method,
  sms_fallback_url,
};

struct WebhookSetting {
  WebhookField field = WebhookField::voice_url;
  std::string value;
};

/// The carrier has taken it. What the number has now is its to tell: list the numbers.
struct WebhooksSet {};

/// It certainly has not.
struct WebhooksNotSet {
  std::string reason;
};

/// With `Unknown` it may have: list the numbers, and never repeat it blindly.
using WebhooksAnswer = std::variant<WebhooksSet, WebhooksNotSet, Unknown>;

class CarrierWebhooks {
 public:
  using SetDone = std::function<void(WebhooksAnswer)>;
  virtual ~CarrierWebhooks() = default;
  /// One request, made once. Any thread, never blocks. `done` is called exactly once, on a thread of the
  /// carrier's.
  virtual void set_webhooks(const std::string& number_sid, const std::vector<WebhookSetting>& settings,
                            SetDone done) = 0;
};

template <>
struct NamesOf<AccountStatus> {
  static constexpr std::array<Named<AccountStatus>, 3> rows = {{{AccountStatus::active, "active"},
                                                                {AccountStatus::suspended, "suspended"},
                                                                {AccountStatus::closed, "closed"}}};
};

template <>
struct NamesOf<WebhookField> {
  using enum WebhookField;
  static constexpr std::array<Named<WebhookField>, 8> rows = {{{voice_url, "voice_url"},
                                                               {voice_method, "voice_method"},
                                                               {voice_fallback_url, "voice_fallback_url"},
                                                               {status_callback, "status_callback"},
                                                               {status_callback_method, "status_callback_method"},
                                                               {sms_url, "sms_url"},
                                                               {sms_method, "sms_method"},
                                                               {sms_fallback_url, "sms_fallback_url"}}};
};

}  // namespace jobrun
