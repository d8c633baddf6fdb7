// One row of `jobrun doctor` each: what was looked at, what was found, and what to do about it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
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

/// How far the carrier's clock and ours may be apart, beyond the time that the question took.
inline constexpr std::chrono::seconds clock_difference_max{30};
/// So many numbers have a row of their own; one row counts the others.
inline constexpr std::size_t numbers_shown_max = 100;

/// The rows about the carrier: credentials, clock, numbers. Pure. Without `facts`, or where `expected` could not
/// be found out, what depends on it is unknown.
std::vector<Check> carrier_checks(const std::optional<CarrierFacts>& facts, const Result<Expected>& expected);

}  // namespace jobrun::doctor

template <>
struct jobrun::NamesOf<jobrun::doctor::Verdict> {
  using Verdict = jobrun::doctor::Verdict;
  static constexpr std::array<Named<Verdict>, 3> rows = {
      {{Verdict::well, "well"}, {Verdict::mend, "mend"}, {Verdict::unknown, "unknown"}}};
};
