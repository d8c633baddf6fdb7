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

/// What would be better, though nothing is wrong.
std::string suggestion_about(const CarrierNumberList& list, const Expected& expected) {
  std::size_t untuned = 0;
  std::size_t without_fallback = 0;
  for (const ExpectedNumber& each : each_once(expected)) {
    const CarrierNumber* number = find_number(list, each.number);
    if (number == nullptr) continue;
    untuned += number->voice.url.contains('#') ? 0 : 1;
    without_fallback += number->sms_fallback_url.empty() ? 1 : 0;
  }
  std::string better;
  if (untuned > 0) {
    better = "the carrier tries a call's webhook again only where its URL says so, which is missing on " +
             std::to_string(untuned) + ": jobrun doctor --fix";
  }
  if (without_fallback > 0) {
    better += (better.empty() ? "" : "; ") + std::string("without a message fallback URL: ") +
              std::to_string(without_fallback) + ": set JOBRUN_VOICE_FALLBACK_URL, then jobrun doctor --fix";
  }
  return better;
}

std::vector<Check> number_checks(const CarrierNumberList& list, const Expected& expected,
                                 const std::vector<MessagingService>& services) {
  const std::vector<Drift> drifts = compare(list, expected, services);
  if (drifts.empty()) {
    return {{"numbers", Verdict::well,
             "all " + std::to_string(expected.numbers.size()) +
                 " numbers of pool, clients and settings are on the "
                 "account and point here, and no others do",
             suggestion_about(list, expected)}};
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

/// What is to be mended, as one row.
Check joined(std::string name, const std::vector<Check>& problems) {
  Check all{std::move(name), Verdict::mend, "", ""};
  const auto add = [](std::string& text, const std::string& more) {
    if (!text.empty() && !more.empty()) text += "; ";
    text += more;
  };
  for (const Check& problem : problems) {
    add(all.found, problem.found);
    add(all.advice, problem.advice);
  }
  return all;
}

std::string megabytes(std::int64_t bytes) {
  return std::to_string(bytes >> 20) + " MB";
}

std::vector<Check> nothing_known(const std::string& why, Verdict of_credentials, const std::string& advice) {
  return {{"credentials", of_credentials, why, advice},
          {"clock", Verdict::unknown, "the carrier told nothing", "see credentials"},
          {"numbers", Verdict::unknown, "the carrier told nothing", "see credentials"}};
}

}  // namespace

Check spool_check(const SpoolFacts& facts) {
  std::vector<Check> problems;
  const auto mend = [&problems](std::string found, std::string advice) {
    problems.push_back({"", Verdict::mend, std::move(found), std::move(advice)});
  };
  if (!facts.unusable.empty()) {
    mend(facts.unusable, "make " + facts.folder + " writable for the service's user, or set JOBRUN_SPOOL_DIR");
  }
  if (facts.events > 0) {
    mend("events in " + facts.folder + " that wait for the database: " + std::to_string(facts.events),
         facts.is_served ? "docs/OPERATIONS.md: The database cannot be written"
                         : "start the service: it takes them up, and texts their callers if that is soon enough");
  }
  // A running service may be writing there just now, and tells of damage itself.
  if (facts.damaged > 0 && !facts.is_served) {
    mend("parts of " + facts.folder + " cannot be read: " + std::to_string(facts.damaged),
         "start the service: it takes up the rest and sets them aside for you to look at");
  }
  if (facts.set_aside > 0) {
    mend("files in " + facts.folder + " that were set aside: " + std::to_string(facts.set_aside),
         "look for their calls in the carrier's log, then move the files (*.damaged, *.set-aside) elsewhere; "
         "docs/OPERATIONS.md: A part of the spool cannot be read");
  }
  if (facts.unusable.empty() && facts.bytes_free < facts.bytes_max - facts.bytes) {
    mend("the disk of " + facts.folder + " has only " + megabytes(facts.bytes_free) + " free of the " +
             megabytes(facts.bytes_max) + " that events may take",
         "make room there, or set JOBRUN_SPOOL_DIR to a folder on another disk");
  }
  if (!problems.empty()) return joined("spool", problems);
  return {"spool", Verdict::well, "nothing waits in " + facts.folder + ", and events can be written there", ""};
}

Check guard_check(const GuardFacts& facts) {
  if (facts.whole) return {"guard", Verdict::well, facts.file + " is whole", ""};
  const bool is_missing = facts.whole.error().kind == ErrorKind::not_found;
  if (is_missing && !facts.has_run) {
    return {"guard", Verdict::well, "no service ran on this database yet: the first one makes it", ""};
  }
  return {"guard", Verdict::mend,
          (is_missing ? "there is no " + facts.file : facts.whole.error().message) +
              ": started without its database, the service would text no client's callers",
          facts.is_served ? "the service cannot write it, or runs without its database: see its log; "
                            "docs/OPERATIONS.md: The database cannot be written"
                          : "start the service while its database is well: it writes the file anew"};
}

std::vector<Check> carrier_checks(const std::optional<CarrierFacts>& facts, const Result<Expected>& expected,
                                  const std::vector<MessagingService>& services) {
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
          std::ranges::move(number_checks(answer, *expected, services), std::back_inserter(checks));
          return checks;
        }
      },
      facts->answer);
}

}  // namespace jobrun::doctor
