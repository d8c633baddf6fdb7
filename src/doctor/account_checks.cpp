// The rows about the account: what of it stands between a caller and his text.
#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "doctor/checks.hpp"

namespace jobrun::doctor {
namespace {

constexpr std::string_view registered = "VERIFIED";

std::vector<Check> nothing_asked() {
  const auto unknown = [](const char* name) {
    return Check{name, Verdict::unknown, "the carrier was not asked", "mend the settings first"};
  };
  return {unknown("account"), unknown("balance"), unknown("messaging")};
}

Check state_check(const Result<AccountState>& state) {
  if (!state) {
    return {"account", Verdict::unknown, "its state could not be found out: " + state.error().message,
            "see credentials; then look at the carrier's console"};
  }
  if (state->status != AccountStatus::active) {
    return {"account", Verdict::mend, "the account is " + std::string(name_of(state->status)),
            "no call and no text goes through it: see the carrier's mails and its console"};
  }
  if (state->is_trial) {
    return {"account", Verdict::mend, "it is a trial account: only phones that were verified by hand are texted",
            "upgrade it in the carrier's console"};
  }
  return {"account", Verdict::well, "it is active", ""};
}

std::string amount_of(const AccountBalance& balance) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.2f", std::clamp(balance.amount, -1e12, 1e12));
  return balance.currency + " " + text.data();
}

Check balance_check(const Result<AccountBalance>& balance, std::int64_t low) {
  if (!balance) {
    return {"balance", Verdict::unknown, "it could not be found out: " + balance.error().message,
            "look at the carrier's console: sub-accounts, and keys without that right, are not told"};
  }
  if (low > 0 && balance->amount < static_cast<double>(low)) {
    return {"balance", Verdict::mend, amount_of(*balance) + " is left, less than " + std::to_string(low),
            "pay in, or let the carrier recharge it by itself; the bound is JOBRUN_BALANCE_LOW"};
  }
  return {"balance", Verdict::well,
          amount_of(*balance) + (low > 0 ? " is left" : "; JOBRUN_BALANCE_LOW is 0: no amount is too little"), ""};
}

std::vector<E164> ours_in(const MessagingService& service, const std::vector<ExpectedNumber>& expected) {
  std::vector<E164> ours;
  for (const ExpectedNumber& each : expected) {
    if (std::ranges::binary_search(service.numbers, each.number)) ours.push_back(each.number);
  }
  return ours;
}

void add(std::string& text, const std::string& more) {
  text += (text.empty() ? "" : "; ") + more;
}

/// As a person finds it in the carrier's console.
std::string named(const MessagingService& service) {
  return service.sid + (service.name.empty() ? "" : " (" + service.name + ")");
}

Check messaging_check(const std::vector<MessagingService>& services, const Expected& expected) {
  const std::vector<ExpectedNumber> wanted = each_once(expected);
  std::string problems;
  std::size_t with_ours = 0;
  for (const MessagingService& service : services) {
    const std::vector<E164> ours = ours_in(service, wanted);
    if (ours.empty()) continue;
    ++with_ours;
    if (service.uses_numbers_urls) continue;
    const std::string problem = problem_of(service, expected.public_url);
    if (!problem.empty())
      add(problems, named(service) + " with " + std::to_string(ours.size()) + " of our numbers: " + problem);
  }
  if (!problems.empty()) {
    return {"messaging", Verdict::mend, problems,
            "in the carrier's console, Messaging Services, Integration: defer to the sender's webhook"};
  }
  if (with_ours == 0) return {"messaging", Verdict::well, "no number of ours is in a Messaging Service", ""};
  return {"messaging", Verdict::well,
          "the Messaging Services of our numbers bring their texts here: " + std::to_string(with_ours), ""};
}

/// None where no number of ours that needs it is in a service.
std::optional<Check> registration_check(const std::vector<MessagingService>& services, const Expected& expected,
                                        const AccountRules& rules) {
  const std::vector<ExpectedNumber> wanted = each_once(expected);
  std::string problems;
  std::string unknown;
  std::size_t looked_at = 0;
  for (const MessagingService& service : services) {
    const std::vector<E164> ours = ours_in(service, wanted);
    if (std::ranges::none_of(ours, rules.needs_registration)) continue;
    ++looked_at;
    if (!service.campaigns) {
      add(unknown, named(service) + ": " + service.campaigns.error().message);
    } else if (service.campaigns->empty()) {
      add(problems, named(service) + " is not registered for texts to the US");
    } else if (std::ranges::find(*service.campaigns, registered) == service.campaigns->end()) {
      add(problems, named(service) + "'s registration for texts to the US is " + service.campaigns->front());
    }
  }
  if (looked_at == 0) return std::nullopt;
  if (!problems.empty()) {
    return Check{"registration", Verdict::mend, problems,
                 "carriers in the US lose texts from there (error 30034): complete it in the carrier's console, "
                 "Regulatory Compliance, A2P"};
  }
  if (!unknown.empty()) {
    return Check{"registration", Verdict::unknown, "it could not be found out: " + unknown,
                 "look at the carrier's console, Regulatory Compliance, A2P"};
  }
  return Check{"registration", Verdict::well, "the Messaging Services of our numbers are registered", ""};
}

}  // namespace

std::vector<Check> account_checks(const std::optional<AccountFacts>& facts, const Result<Expected>& expected,
                                  const AccountRules& rules) {
  if (!facts) return nothing_asked();
  std::vector<Check> checks = {state_check(facts->state), balance_check(facts->balance, rules.balance_low)};
  if (!facts->services) {
    checks.push_back({"messaging", Verdict::unknown,
                      "the Messaging Services could not be found out: " + facts->services.error().message,
                      "look at the carrier's console, Messaging Services: one without an inbound URL drops texts; "
                      "does this machine reach JOBRUN_TWILIO_MESSAGING_URL?"});
    return checks;
  }
  if (!expected) {
    checks.push_back({"messaging", Verdict::unknown,
                      "which numbers are ours could not be read: " + expected.error().message,
                      "mend the database first"});
    return checks;
  }
  checks.push_back(messaging_check(*facts->services, *expected));
  if (std::optional<Check> check = registration_check(*facts->services, *expected, rules)) {
    checks.push_back(std::move(*check));
  }
  return checks;
}

}  // namespace jobrun::doctor
