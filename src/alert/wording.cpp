#include "alert/wording.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utf8.hpp"

namespace jobrun::alert {
namespace {

constexpr std::size_t text_bytes_max = 450;  // three segments of GSM-7

/// What several alerts of a kind are called, and one.
std::pair<std::string_view, std::string_view> words_for(AlertKind kind) {
  switch (kind) {
    case AlertKind::lead:
      return {"leads", "lead"};
    case AlertKind::cannot_text_caller:
      return {"callers who cannot be texted", "caller who cannot be texted"};
    case AlertKind::texts_stopped:
      return {"calls while texts are stopped", "call while texts are stopped"};
    case AlertKind::repeated_call:
      return {"repeated calls", "repeated call"};
    case AlertKind::forwarding_hides_callers:
      return {"hidden callers", "hidden caller"};
    case AlertKind::operational_no_client:
      return {"calls to numbers without a business", "call to a number without a business"};
    case AlertKind::onboarding_call_unheard:
      return {"unheard calls to the sign-up number", "unheard call to the sign-up number"};
    case AlertKind::service_number_calls:
      return {"calls from service numbers", "call from a service number"};
    case AlertKind::text_refused:
      return {"callers without a text", "caller without a text"};
    case AlertKind::incident_open:
      return {"incidents", "incident"};
    case AlertKind::isolation_violation:
      return {"forbidden texts stopped", "forbidden text stopped"};
    case AlertKind::credentials_refused:
      return {"refusals of our credentials", "refusal of our credentials"};
    case AlertKind::carrier_refusal:
      return {"refusals by the carrier", "refusal by the carrier"};
    case AlertKind::sender_blocked:
      return {"blocked senders", "blocked sender"};
    case AlertKind::queue_too_long:
      return {"long queues", "long queue"};
    case AlertKind::spool_used:
      return {"uses of the spool", "use of the spool"};
    case AlertKind::spool_damaged:
      return {"damages of the spool", "damage of the spool"};
    case AlertKind::sweep_found:
      return {"finds of the sweep", "find of the sweep"};
    case AlertKind::sweep_failing:
      return {"failures of the sweep", "failure of the sweep"};
    case AlertKind::configuration_drift:
      return {"drifts of the configuration", "drift of the configuration"};
    case AlertKind::customer_texted:
      return {"texts of customers", "text of a customer"};
    case AlertKind::danger:
      return {"customers in danger", "customer in danger"};
    case AlertKind::job_decided:
      return {"decided jobs", "decided job"};
    case AlertKind::voicemail:
      return {"messages of callers", "message of a caller"};
    case AlertKind::weekly_summary:
      return {"weekly summaries", "weekly summary"};
    case AlertKind::text_to_nobody:
      return {"texts to nobody's number", "text to nobody's number"};
    case AlertKind::canary_silent:
      return {"silences of the canary", "silence of the canary"};
    case AlertKind::onboarding_attention:
      return {"owners who sign up and need somebody", "owner who signs up and needs somebody"};
    case AlertKind::onboarding_stuck:
      return {"owners who are stuck in signing up", "owner who is stuck in signing up"};
    case AlertKind::number_pool_empty:
      return {"owners who wait for a number", "owner who waits for a number"};
    case AlertKind::ring_loop:
      return {"phones that send calls back", "phone that sends calls back"};
    case AlertKind::alert_text_lost:
      return {"lost texts of alerts", "lost text of an alert"};
  }
  return {"alerts", "alert"};
}

const AlertRecord& first_of_most_severe(const AlertLetter& letter) {
  return *std::ranges::max_element(letter.alerts, {},
                                   [](const AlertRecord& alert) { return alert.request.severity; });
}

std::string sentence_of(const AlertRecord& alert) {
  const AlertRequest& request = alert.request;
  std::string sentence = request.summary.empty() ? std::string(words_for(request.kind).second) : request.summary;
  if (alert.count > 1) sentence += " (" + std::to_string(alert.count) + " times)";
  return sentence;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view several) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : several);
}

/// `4 min`, rounded down.
std::string words_for(Duration wait) {
  using std::chrono::floor;
  if (wait < std::chrono::minutes{1}) return "less than a minute";
  if (wait < std::chrono::hours{2}) return std::to_string(floor<std::chrono::minutes>(wait).count()) + " min";
  if (wait < std::chrono::days{2}) return std::to_string(floor<std::chrono::hours>(wait).count()) + " hours";
  return std::to_string(floor<std::chrono::days>(wait).count()) + " days";
}

/// `9 leads, 5 callers without a text`; the most frequent first.
std::string counts_of(const AlertLetter& letter) {
  std::array<std::size_t, NamesOf<AlertKind>::rows.size()> counts{};
  for (const AlertRecord& alert : letter.alerts) ++counts.at(static_cast<std::size_t>(alert.request.kind));
  std::vector<std::pair<std::size_t, AlertKind>> rows;
  for (const auto& [kind, name] : NamesOf<AlertKind>::rows) {
    if (const std::size_t count = counts.at(static_cast<std::size_t>(kind)); count > 0)
      rows.emplace_back(count, kind);
  }
  std::ranges::stable_sort(rows, std::greater{}, &std::pair<std::size_t, AlertKind>::first);
  std::string words;
  for (const auto& [count, kind] : rows) {
    const auto [several, one] = words_for(kind);
    words += (words.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(count == 1 ? one : several);
  }
  return words;
}

}  // namespace

std::string headline(const AlertLetter& letter) {
  if (letter.alerts.size() == 1) return sentence_of(letter.alerts.front());
  return std::to_string(letter.alerts.size()) + " alerts: " + counts_of(letter) + ". " +
         sentence_of(first_of_most_severe(letter));
}

std::string text_body(const AlertLetter& letter) {
  return std::string(utf8_prefix("JobRun: " + headline(letter), text_bytes_max));
}

std::string mail_body(const AlertLetter& letter) {
  std::string body;
  if (letter.alerts.size() > 1) {
    body = std::to_string(letter.alerts.size()) + " alerts: " + counts_of(letter) + "\n\n";
  }
  for (const AlertRecord& alert : letter.alerts) {
    const AlertRequest& request = alert.request;
    body += sentence_of(alert) + "\n  " + std::string(name_of(request.kind)) + ", " +
            std::string(name_of(request.severity)) + ", for the " + std::string(name_of(request.audience)) +
            ", alert " + std::to_string(alert.id.value) + ", raised " + to_iso8601(alert.created_at) + "\n";
    if (!request.call_sid.empty()) body += "  jobrun calls show " + request.call_sid + "\n";
    body += "\n";
  }
  return body;
}

std::string owner_mail_body(const AlertLetter& letter) {
  std::string body = "JobRun: " + headline(letter) + "\n";
  if (letter.alerts.size() == 1) return body;
  body += "\n";
  for (const AlertRecord& alert : letter.alerts) body += "* " + sentence_of(alert) + "\n";
  return body;
}

std::string sentence_of(const ClientWeek& week) {
  std::string sentence = "Your week: " + counted(week.missed_calls, "missed call", "missed calls") + ", " +
                         std::to_string(week.texted) + " texted, " + std::to_string(week.replied) + " replied, " +
                         counted(week.jobs_accepted, "job", "jobs") + " accepted";
  if (week.median_reply) sentence += "; replies came after " + words_for(*week.median_reply) + " (median)";
  return sentence + ".";
}

std::string letter_id(const AlertLetter& letter) {
  const AlertRecord& first = letter.alerts.front();
  std::string id = "alert" + std::to_string(first.id.value) + "-" + std::to_string(to_unix_ms(first.created_at));
  if (letter.alerts.size() > 1) {
    id += "-" + std::to_string(letter.alerts.size()) + "-" + std::to_string(letter.alerts.back().id.value);
  }
  return id;
}

}  // namespace jobrun::alert
