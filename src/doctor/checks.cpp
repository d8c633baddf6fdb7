#include "doctor/checks.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace jobrun::doctor {
namespace {

Check clock_check(const CarrierFacts& facts, const CarrierNumberList& list) {
  if (!list.carrier_time) {
    return {"clock", Verdict::unknown, "the carrier did not say what time it is", "compare this machine's clock"};
  }
  const Instant earliest = facts.asked_at - clock_difference_max;
  const Instant latest = facts.answered_at + clock_difference_max;
  if (*list.carrier_time >= earliest && *list.carrier_time <= latest) {
    return {"clock", Verdict::well, "our clock and the carrier's agree", ""};
  }
  const bool is_ahead = *list.carrier_time < earliest;
  const Duration apart = is_ahead ? facts.asked_at - *list.carrier_time : *list.carrier_time - facts.answered_at;
  return {
      "clock", Verdict::mend,
      "our clock is " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(apart).count()) + " s " +
          (is_ahead ? "ahead of" : "behind") + " the carrier's",
      "set this machine's clock, and keep it set (NTP): texts are looked for, and signatures checked, by time"};
}

std::vector<Check> number_checks(const CarrierNumberList& list, const Expected& expected) {
  const std::vector<Drift> drifts = compare(list, expected);
  if (drifts.empty()) {
    return {{"numbers", Verdict::well,
             "all " + std::to_string(expected.numbers.size()) +
                 " numbers of pool, clients and settings are on the "
                 "account and point here, and no others do",
             ""}};
  }
  std::vector<Check> checks;
  for (std::size_t at = 0; at < std::min(drifts.size(), numbers_shown_max); ++at) {
    const Drift& drift = drifts[at];
    checks.push_back({"number " + drift.number.text(), Verdict::mend, drift.problem, drift.advice});
  }
  if (drifts.size() > numbers_shown_max) {
    checks.push_back(
        {"numbers", Verdict::mend,
         std::to_string(drifts.size() - numbers_shown_max) + " more numbers are not as they should be",
         "mend those above first"});
  }
  return checks;
}

std::vector<Check> nothing_known(const std::string& why, Verdict of_credentials, const std::string& advice) {
  return {{"credentials", of_credentials, why, advice},
          {"clock", Verdict::unknown, "the carrier told nothing", "see credentials"},
          {"numbers", Verdict::unknown, "the carrier told nothing", "see credentials"}};
}

}  // namespace

std::vector<Check> carrier_checks(const std::optional<CarrierFacts>& facts, const Result<Expected>& expected) {
  if (!facts) return nothing_known("the carrier was not asked", Verdict::unknown, "mend the settings first");
  return std::visit(
      [&](const auto& answer) -> std::vector<Check> {
        using Answer = std::decay_t<decltype(answer)>;
        if constexpr (std::is_same_v<Answer, CredentialsRefused>) {
          return nothing_known(
              "the carrier refuses our credentials: " + answer.reason, Verdict::mend,
              "compare JOBRUN_TWILIO_ACCOUNT_SID and the first of JOBRUN_TWILIO_AUTH_TOKEN with the "
              "carrier's console; is the account suspended?");
        } else if constexpr (std::is_same_v<Answer, CannotTell>) {
          return nothing_known("the carrier could not be asked: " + answer.reason, Verdict::unknown,
                               "try again; does this machine reach JOBRUN_TWILIO_API_URL?");
        } else {
          static_assert(std::is_same_v<Answer, CarrierNumberList>);
          std::vector<Check> checks = {{"credentials", Verdict::well, "the carrier accepts them", ""},
                                       clock_check(*facts, answer)};
          if (!expected) {
            checks.push_back({"numbers", Verdict::unknown,
                              "which numbers are ours could not be read: " + expected.error().message,
                              "mend the database first"});
            return checks;
          }
          std::ranges::move(number_checks(answer, *expected), std::back_inserter(checks));
          return checks;
        }
      },
      facts->answer);
}

}  // namespace jobrun::doctor
