// One row of `jobrun doctor` each: what was looked at, what was found, and what to do about it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/ports/carrier_account.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "doctor/drift.hpp"

namespace jobrun::doctor {

enum class Verdict {
  well,
  mend,
  unknown,  ///< it could not be found out; never told as well
};

struct Check {
  std::string name;
  Verdict verdict = Verdict::unknown;
  std::string found;   ///< a sentence for a person
  std::string advice;  ///< what to do; empty when there is nothing
};

/// What the carrier said, and our clock before and after.
struct CarrierFacts {
  NumbersAnswer answer;
  Instant asked_at{};
  Instant answered_at{};
};

/// What was found where events go while the database cannot take them.
struct SpoolFacts {
  std::string folder;
  bool is_served = false;       ///< a service runs on the database
  std::string unusable{};       ///< why nothing can be written or read there; empty: both can
  std::int64_t events = 0;      ///< that the database has not taken
  std::int64_t damaged = 0;     ///< places that are no event
  std::int64_t set_aside = 0;   ///< files that are kept for a person
  std::int64_t bytes = 0;       ///< of the events
  std::int64_t bytes_max = 0;   ///< that it may take
  std::int64_t bytes_free = 0;  ///< on its disk
};

/// What was found of the file by which a service that starts without its database knows whom it must not text.
struct GuardFacts {
  std::string file;
  bool is_served = false;
  bool has_run = false;  ///< a service ran on the database at some time
  Result<void> whole{};  ///< or why a start would not take the file; `not_found`: there is none
};

/// How far the carrier's clock and ours may be apart, beyond the time that the question took.
inline constexpr std::chrono::seconds clock_difference_max{30};
/// So many numbers have a row of their own; one row counts the others.
inline constexpr std::size_t numbers_shown_max = 100;

/// The rows about the carrier: credentials, clock, numbers. Pure. Without `facts`, or where `expected` could not
/// be found out, what depends on it is unknown. Where `services` are not known, nothing of them is told here.
std::vector<Check> carrier_checks(const std::optional<CarrierFacts>& facts, const Result<Expected>& expected,
                                  const std::vector<MessagingService>& services = {});

struct AccountRules {
  /// So little money, in units of the account's currency, is told; 0: none is.
  std::int64_t balance_low = 0;
  /// Whether the carriers of the US take texts from there only once it is registered.
  std::function<bool(E164)> needs_registration = [](E164) { return false; };
};

/// The rows about the account: its state, its balance, its Messaging Services and, where one of our numbers is in
/// one and needs it, their registration. Pure. Without `facts` all is unknown.
std::vector<Check> account_checks(const std::optional<AccountFacts>& facts, const Result<Expected>& expected,
                                  const AccountRules& rules);

/// Of the disk where the database is.
struct DiskRoom {
  std::int64_t bytes_free = 0;
  std::int64_t bytes_max = 0;
};
inline constexpr std::int64_t disk_bytes_free_min = 500'000'000;
inline constexpr std::int64_t disk_percent_free_min = 5;

/// How the public URL looks from this machine, which is not where the carrier stands.
struct OutsideFacts {
  std::string url;                       ///< without a slash at its end
  std::vector<std::string> addresses{};  ///< of its host, as numbers
  bool is_nobodys_name = false;          ///< names are resolved here, and this one has no address
  std::string unresolved{};              ///< why no address could be found out; empty: it could
  std::optional<int> status{};           ///< of a GET of `/healthz` there; empty: nothing answered
  bool is_untrusted = false;             ///< it could not prove to be whom the URL names
  std::string unanswered{};              ///< why nothing answered
  std::optional<Instant> certificate_ends{};
  Instant now{};
};
inline constexpr std::chrono::days certificate_left_min{14};

/// Whether the internet leads there: not to this machine, nor to its own network. False for what is no address.
bool is_public_address(const std::string& address);

/// Pure, as all of these.
Check spool_check(const SpoolFacts& facts);
Check guard_check(const GuardFacts& facts);
Check disk_check(const std::string& folder, const Result<DiskRoom>& room);
Check reachable_check(const OutsideFacts& facts);
/// Of a URL that is https.
Check certificate_check(const OutsideFacts& facts);

}  // namespace jobrun::doctor

template <>
struct jobrun::NamesOf<jobrun::doctor::Verdict> {
  using Verdict = jobrun::doctor::Verdict;
  static constexpr std::array<Named<Verdict>, 3> rows = {
      {{Verdict::well, "well"}, {Verdict::mend, "mend"}, {Verdict::unknown, "unknown"}}};
};
