#include "doctor/drift_watch.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/alert.hpp"
#include "base/ports/store.hpp"

namespace jobrun::doctor {
namespace {

constexpr std::chrono::hours told_again_after{24};
constexpr Duration alert_at_most_every{10 * 60'000};
constexpr std::size_t logged_max = 20;
constexpr std::size_t problem_in_alert_max = 120;
constexpr int soon_part = 60;

/// Never 0. FNV-1a: two states of the account that differ should differ here too; nobody chooses them.
std::uint64_t fingerprint_of(const std::vector<Drift>& drifts, const std::vector<Check>& troubles) {
  std::uint64_t hash = 14695981039346656037U;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  };
  for (const Drift& drift : drifts) {
    add(drift.number.text());
    add(drift.problem);
  }
  for (const Check& trouble : troubles) {
    add(trouble.name);
    // A balance that falls on is the same trouble.
    if (trouble.name != "balance") add(trouble.found);
  }
  return hash == 0 ? 1 : hash;
}

std::string shortened(const std::string& problem) {
  return problem.substr(0, problem_in_alert_max) + (problem.size() > problem_in_alert_max ? "..." : "");
}

std::string summary_of(const std::vector<Drift>& drifts, const std::vector<Check>& troubles) {
  std::string summary;
  if (!drifts.empty()) {
    const Drift& first = drifts.front();
    summary = std::to_string(drifts.size()) +
              (drifts.size() == 1 ? " number is" : " numbers are, among them " + first.number.text()) +
              " not set up at the carrier as needed: " + shortened(first.problem) + ". ";
  }
  for (const Check& trouble : troubles) {
    summary += "The carrier's account, " + trouble.name + ": " + shortened(trouble.found) + ". ";
  }
  constexpr std::size_t summary_max = 300;
  const std::string where = "See all: jobrun doctor";
  return summary.substr(0, summary_max - where.size()) + where;
}

AlertRequest alert_about(const std::vector<Drift>& drifts, const std::vector<Check>& troubles,
                         std::uint64_t fingerprint) {
  AlertRequest alert =
      operator_alert(AlertKind::configuration_drift, Severity::warning,
                     "configuration " + std::to_string(fingerprint), summary_of(drifts, troubles));
  alert.at_most_every = alert_at_most_every;
  if (!drifts.empty()) alert.number = drifts.front().number.text();
  return alert;
}

/// What of the account has to be mended. A Messaging Service's trouble is told with each number.
std::vector<Check> troubles_of(const std::optional<AccountFacts>& facts, const Expected& expected,
                               const AccountRules& rules) {
  std::vector<Check> troubles;
  if (!facts) return troubles;
  for (Check& check : account_checks(facts, expected, rules)) {
    if (check.verdict == Verdict::mend && check.name != "messaging") troubles.push_back(std::move(check));
  }
  return troubles;
}

}  // namespace

DriftWatch::DriftWatch(Ports ports, Options options)
    : ports_(std::move(ports)), options_(options), compared_at_(ports_.clock.monotonic()) {
  due_ = compared_at_ + soon();
}

std::chrono::nanoseconds DriftWatch::soon() const {
  return std::chrono::nanoseconds(options_.every) / soon_part;
}

void DriftWatch::pump() {
  const std::chrono::nanoseconds now = ports_.clock.monotonic();
  if (asked_ != Asked::nothing) {
    take_answers();
  } else if (now >= due_) {
    ask();
  }
  const std::chrono::duration<double> age = now - compared_at_;
  ports_.meter.set(Metric::configuration_compared_age_seconds, std::max(0.0, age.count()));
}

void DriftWatch::take_answers() {
  std::optional<NumbersAnswer> answer;
  std::optional<AccountFacts> facts;
  {
    const std::lock_guard lock(inbox_->mutex);
    answer = std::exchange(inbox_->answer, std::nullopt);
    facts = std::exchange(inbox_->account, std::nullopt);
  }
  if (answer) hear(std::move(*answer));
  if (facts) learn(std::move(*facts));
}

void DriftWatch::ask() {
  asked_ = Asked::numbers;
  ports_.numbers.list_numbers([inbox = inbox_](NumbersAnswer answer) {
    const std::lock_guard lock(inbox->mutex);
    inbox->answer = std::move(answer);
  });
}

void DriftWatch::ask_account() {
  asked_ = Asked::account;
  ports_.account->look_at_account([inbox = inbox_](AccountFacts facts) {
    const std::lock_guard lock(inbox->mutex);
    inbox->account = std::move(facts);
  });
}

void DriftWatch::hear(NumbersAnswer answer) {
  asked_ = Asked::nothing;
  if (auto* list = std::get_if<CarrierNumberList>(&answer)) {
    if (ports_.account == nullptr) return compare_with(*list);
    list_ = std::move(*list);
    return ask_account();
  }
  if (const auto* refused = std::get_if<CredentialsRefused>(&answer)) return could_not_compare(refused->reason);
  could_not_compare(std::get<CannotTell>(answer).reason);
}

void DriftWatch::learn(AccountFacts facts) {
  asked_ = Asked::nothing;
  if (!known_) known_.emplace();
  if (facts.state) known_->state = std::move(facts.state);
  if (facts.balance) known_->balance = std::move(facts.balance);
  if (facts.services) known_->services = std::move(facts.services);
  compare_with(std::exchange(list_, {}));
}

void DriftWatch::compare_with(const CarrierNumberList& list) {
  std::vector<Drift> drifts;
  std::vector<Check> troubles;
  try {
    const Expected expected = ports_.expected();
    const bool knows_services = known_ && known_->services;
    drifts = compare(list, expected, knows_services ? *known_->services : std::vector<MessagingService>());
    troubles = troubles_of(known_, expected, ports_.rules);
  } catch (const StoreFailure& failed) {
    return could_not_compare(failed.message);
  }
  compared_at_ = ports_.clock.monotonic();
  due_ = compared_at_ + options_.every;
  ports_.meter.set(Metric::configuration_drift_numbers, static_cast<double>(drifts.size()));
  if (drifts.empty() && troubles.empty()) {
    told_->store(0);
    return;
  }
  tell(drifts, troubles);
}

void DriftWatch::could_not_compare(const std::string& reason) {
  due_ = ports_.clock.monotonic() + soon();
  ports_.log.write({LogLevel::warning,
                    "our numbers could not be compared with the carrier's",
                    "",
                    {{"reason", reason, LogField::Privacy::foreign}}});
}

void DriftWatch::tell(const std::vector<Drift>& drifts, const std::vector<Check>& troubles) {
  const std::uint64_t fingerprint = fingerprint_of(drifts, troubles);
  const std::chrono::nanoseconds now = ports_.clock.monotonic();
  if (told_->load() == fingerprint && now - told_at_ < told_again_after) return;
  told_at_ = now;
  for (std::size_t at = 0; at < std::min(drifts.size(), logged_max); ++at) {
    ports_.log.write({LogLevel::warning,
                      "a number is not set up at the carrier as needed",
                      "",
                      {{"number", drifts[at].number.text()},
                       {"problem", drifts[at].problem},
                       {"advice", drifts[at].advice},
                       {"numbers", std::to_string(drifts.size())}}});
  }
  for (const Check& trouble : troubles) {
    ports_.log.write({LogLevel::warning,
                      "the carrier's account needs a person",
                      "",
                      {{"about", trouble.name}, {"problem", trouble.found}, {"advice", trouble.advice}}});
  }
  ports_.journal.submit(
      work_to_raise(alert_about(drifts, troubles, fingerprint),
                    [told = told_, fingerprint, &meter = ports_.meter](const Result<void>& kept) {
                      if (!kept) return;
                      told->store(fingerprint);
                      meter.count(Metric::alerts_raised, name_of(AlertKind::configuration_drift));
                    }));
}

}  // namespace jobrun::doctor
