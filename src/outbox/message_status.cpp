#include "outbox/message_status.hpp"

#include <utility>

#include "base/rare_path.hpp"
#include "counts.hpp"
#include "loss.hpp"
#include "next_step.hpp"

namespace jobrun::outbox {
namespace {

LogLine line_about(const MessageStatusChange& event, LogLevel level, std::string message) {
  LogLine line{level, std::move(message), event.text.cause, {}};
  line.fields.push_back({"text", event.text.text()});
  line.fields.push_back({"message_sid", event.message_sid, LogField::Privacy::foreign});
  line.fields.push_back({"message_status", event.status_text, LogField::Privacy::foreign});
  if (event.code != 0) line.fields.push_back({"code", std::to_string(event.code)});
  return line;
}

Commit without_effect(bool is_duplicate) {
  Commit commit;
  commit.is_duplicate = is_duplicate;
  commit.is_ignored = !is_duplicate;
  commit.counts.push_back({is_duplicate ? Metric::events_duplicate : Metric::events_ignored, {}});
  return commit;
}

bool is_open(const TextRecord& text) {
  return text.state == TextState::unknown || (text.state == TextState::promised && text.attempts > 0);
}

bool is_of_last_request(const MessageStatusChange& event, const TextRecord& text) {
  return event.attempt.number == 0 ? text.attempts <= 1 : event.attempt.number == text.attempts;
}

/// True when a status of a message that may be the text settles that it is: nothing else is known of its fate, or
/// what was held to be lost has arrived. The loss of an earlier request's message says nothing of the last one's.
bool settles(const MessageStatusChange& event, const TextRecord& text, FactReader& facts) {
  if (!is_open(text)) return false;
  if (is_delivered(event.status)) return true;
  if (facts.was_lost(text.row, event.message_sid)) return false;
  const bool is_known_lost = is_lost(event.status) || facts.told_lost(text.row, event.message_sid);
  return !is_known_lost || is_of_last_request(event, text);
}

/// The code with which the message is lost; empty: it is not, or that has been acted upon.
std::optional<int> lost_with(const MessageStatusChange& event, const TextOnRecord& known, bool binds,
                             FactReader& facts) {
  const bool is_the_texts =
      binds || (known.text.state == TextState::accepted && known.message_sid == event.message_sid);
  const bool has_arrived = is_delivered(event.status) || (!binds && known.status && is_delivered(*known.status));
  if (!is_the_texts || has_arrived) return std::nullopt;
  if (is_lost(event.status)) return event.code;
  if (!binds) return std::nullopt;
  const std::optional<ToldLoss> told = facts.told_lost(known.text.row, event.message_sid);
  return told ? std::optional(told->code) : std::nullopt;
}

/// What a loss teaches of the recipient and the sender holds whichever request it was of.
void write_lessons(Commit& commit, const Loss& lost) {
  if (lost.learned) commit.learned.push_back(*lost.learned);
  if (lost.consequences.blocked) commit.blocked_senders.push_back(*lost.consequences.blocked);
  if (lost.consequences.alert) commit.alerts.push_back(*lost.consequences.alert);
}

void write_loss(Commit& commit, const MessageStatusChange& event, const TextRecord& text, int code,
                const MessageSurroundings& around, Instant now) {
  seen(RarePath::text_lost);
  Loss lost = loss_of(text, around.carrier.why_lost(event.account, code), around.rules, now, around.random);
  for (const Count& count : counts_of(lost, text)) commit.counts.push_back(count);
  commit.logs.push_back(
      line_about(event, LogLevel::warning,
                 lost.loss.gives_up ? "text lost, a person is alerted" : "text lost, will be tried again"));
  write_lessons(commit, lost);
  commit.message->loss = std::move(lost.loss);
}

/// Texts that tell people of alerts are in no journal; of one that was lost the operator is told, by whatever way.
Commit decide_on_alerts_text(const MessageStatusChange& event) {
  constexpr Duration at_most_every{10 * 60'000};
  if (!is_lost(event.status)) return without_effect(false);
  Commit commit;
  commit.logs.push_back(line_about(event, LogLevel::warning, "a text that told somebody of an alert was lost"));
  AlertRequest alert = operator_alert(
      AlertKind::alert_text_lost, Severity::warning, std::string(name_of(event.account)),
      "The carrier lost a text that told somebody of an alert (code " + std::to_string(event.code) +
          "). The log names it: check that phone, and tell its owner what `jobrun calls list --open` shows.");
  alert.at_most_every = at_most_every;
  commit.alerts.push_back(std::move(alert));
  commit.counts.push_back({Metric::alerts_raised, {name_of(AlertKind::alert_text_lost)}});
  return commit;
}

}  // namespace

Commit decide(const MessageStatusChange& event, const MessageSurroundings& around, FactReader& facts,
              Instant now) {
  if (event.text.purpose == Purpose::alert) return decide_on_alerts_text(event);
  const std::optional<TextOnRecord> known = facts.find_text(event.text);
  if (!known) {
    Commit commit = without_effect(false);
    commit.logs.push_back(line_about(event, LogLevel::warning, "a message status of a text that is not ours"));
    return commit;
  }
  const TextRecord& text = known->text;
  if (facts.has_message_event(text.row, event.message_sid, event.status_text)) return without_effect(true);

  Commit commit;
  commit.counts.push_back({Metric::message_statuses, {name_of(event.account), name_of(event.status)}});
  commit.logs.push_back(line_about(event, LogLevel::info, "message status"));
  MessageNews& news = commit.message.emplace(MessageNews{.text = text.row,
                                                         .message_sid = event.message_sid,
                                                         .status = event.status,
                                                         .status_text = event.status_text,
                                                         .code = event.code,
                                                         .attempt = event.attempt});
  news.binds = settles(event, text, facts);
  news.is_furthest = text.state == TextState::accepted && known->message_sid == event.message_sid &&
                     advances(known->status, event.status);
  if (news.binds) {
    seen(RarePath::text_bound_by_status);
    for (const Count& count : counts_of_acceptance(text, now)) commit.counts.push_back(count);
    commit.logs.push_back(line_about(event, LogLevel::info, "a message status tells that the text was accepted"));
  }
  const TextRecord requested = as_requested(text, event.attempt);
  if (const std::optional<int> code = lost_with(event, *known, news.binds, facts)) {
    write_loss(commit, event, requested, *code, around, now);
  } else if (is_open(text) && is_lost(event.status) && !facts.was_lost(text.row, event.message_sid)) {
    const Refused why = around.carrier.why_lost(event.account, event.code);
    write_lessons(commit, loss_of(requested, why, around.rules, now, around.random));
    for (const Count& count : counts_of_lesson(why.learned)) commit.counts.push_back(count);
  }
  return commit;
}

}  // namespace jobrun::outbox
