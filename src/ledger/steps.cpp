#include "steps.hpp"

#include <optional>
#include <utility>

namespace jobrun::ledger {
namespace {

struct Apply {
  StoreBatch& batch;
  TextRow text;
  Instant at;

  void operator()(const TextStarted& step) const { batch.mark_started(text, step.attempt, step.closed_ways, at); }
  // A start in between may have called it unknown.
  void operator()(const TextAccepted& step) const {
    if (!batch.record_accepted(text, step.message_sid, at)) batch.record_found(text, step.message_sid, at);
  }
  void operator()(const TextFound& step) const { batch.record_found(text, step.message_sid, at); }
  void operator()(const TextUnknown& step) const { batch.record_unknown(text, step.reason, at); }
  void operator()(const TextNotSent& step) const {
    batch.record_not_sent(text, step.reason, step.closed_ways, step.due_at, at);
  }
  void operator()(const TextRefused& step) const {
    batch.record_refused(text, step.code, step.reason, step.alert, at);
  }
  void operator()(const TextLoss& loss) const { static_cast<void>(batch.record_lost(text, loss, at)); }
  void operator()(const AlertRequest& alert) const { batch.raise(alert, at); }
  // A refused fact is learned again from the next text.
  void operator()(const SetPhoneFact& fact) const { static_cast<void>(batch.change_directory(fact, at)); }
  void operator()(const BlockedSender& blocked) const { batch.block_sender(blocked); }
};

/// Whatever was decided about what it answers. A first text whose call was never taken belongs nowhere.
void promise(const PromisedText& text, StoreBatch& batch, Instant at, std::vector<Count>& counts) {
  const Result<CallSid> sid = CallSid::parse(text.id.cause);
  const bool has_call = sid && batch.find_call(*sid);
  if (!has_call && is_first_text(text.id.purpose)) return;
  Commit commit;
  commit.text = text;
  batch.write(commit, at);
  counts.push_back({Metric::texts_promised, {name_of(text.id.purpose)}});
}

/// Whether the step is the next that its text has not been through.
bool is_news(const SpooledStep& taken, const TextRecord& text) {
  const auto* const started = std::get_if<TextStarted>(&taken.step);
  if (started == nullptr) return text.attempts == taken.attempt;
  return text.attempts < taken.attempt && started->attempt.way < text.promise.ways.size();
}

}  // namespace

void apply(const SpooledStep& taken, StoreBatch& batch, std::vector<Count>& counts) {
  if (!taken.text) return std::visit(Apply{batch, TextRow{}, taken.at}, taken.step);
  std::optional<TextOnRecord> found = batch.find_text(*taken.text);
  if (const auto* const started = std::get_if<TextStarted>(&taken.step); started != nullptr && !found) {
    promise(started->promise, batch, taken.at, counts);
    found = batch.find_text(*taken.text);
  }
  if (found && is_news(taken, found->text)) std::visit(Apply{batch, found->text.row, taken.at}, taken.step);
}

namespace {

/// Of a decision that was another than the one that was acted upon: what is told of it is told of that.
void retell(Commit& commit, AfterCallRow row) {
  std::erase_if(commit.counts, [](const Count& count) { return count.metric == Metric::alerts_raised; });
  for (Count& count : commit.counts) {
    if (count.metric == Metric::calls_ended) count.labels[1] = name_of(row);
  }
  for (LogLine& line : commit.logs) {
    for (LogField& field : line.fields) {
      if (std::string_view(field.key) == "row") field.value = name_of(row);
    }
  }
}

}  // namespace

Commit as_decided_then(Commit commit, const SpooledEvent& event) {
  const bool is_same = commit.text && event.promised && commit.text->id == event.promised->id;
  commit.text = event.promised;
  if (!event.promised || is_same || (!commit.ended && !commit.inbound)) return commit;
  std::erase_if(commit.counts, [](const Count& count) { return count.metric == Metric::texts_promised; });
  commit.counts.push_back({Metric::texts_promised, {name_of(event.promised->id.purpose)}});
  if (!commit.ended) return commit;
  const bool is_intake = event.promised->id.purpose == Purpose::customer_intake;
  commit.ended->row = is_intake ? AfterCallRow::intake : AfterCallRow::failsafe;
  commit.outcome.reset();
  commit.alerts.clear();
  retell(commit, commit.ended->row);
  return commit;
}

}  // namespace jobrun::ledger
