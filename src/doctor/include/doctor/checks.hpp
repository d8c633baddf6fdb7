// One row of `jobrun doctor` each: what was looked at, what was found, and what to do about it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
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
/// be found out, what depends on it is unknown.
std::vector<Check> carrier_checks(const std::optional<CarrierFacts>& facts, const Result<Expected>& expected);

/// Pure, as all of these.
Check spool_check(const SpoolFacts& facts);
Check guard_check(const GuardFacts& facts);

}  // namespace jobrun::doctor

template <>
struct jobrun::NamesOf<jobrun::doctor::Verdict> {
  using Verdict = jobrun::doctor::Verdict;
  static constexpr std::array<Named<Verdict>, 3> rows = {
      {{Verdict::well, "well"}, {Verdict::mend, "mend"}, {Verdict::unknown, "unknown"}}};
};
