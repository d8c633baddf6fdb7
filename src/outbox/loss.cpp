#include "loss.hpp"

#include "base/rare_path.hpp"
#include "counts.hpp"

namespace jobrun::outbox {

Loss loss_of(const TextRecord& text, const Refused& why, const RetryRules& rules, Instant now, Random& random) {
  Loss lost{.loss = decide_loss(text, why, rules, now, random),
            .consequences = consequences_of(text, why, now),
            .learned = std::nullopt};
  if (why.learned) {
    lost.learned = SetPhoneFact{scope_of_learned(*why.learned, FactScope::of(text.promise.client)),
                                text.promise.pair.caller, *why.learned, true};
  }
  seen(lost.loss.gives_up ? RarePath::lost_text_given_up : RarePath::lost_text_sent_again);
  return lost;
}

TextRecord as_requested(TextRecord text, SendAttempt attempt) {
  if (attempt.number > 0 && attempt.way < text.promise.ways.size()) text.way = attempt.way;
  return text;
}

std::vector<Count> counts_of(const Loss& loss, const TextRecord& text) {
  const std::string_view purpose = name_of(text.promise.id.purpose);
  std::vector<Count> counts = {{Metric::texts_lost, {purpose}}};
  const auto alert_raised = [&](const AlertRequest& alert) {
    counts.push_back({Metric::alerts_raised, {name_of(alert.kind)}});
  };
  if (loss.loss.gives_up) {
    counts.push_back({Metric::texts_answered, {purpose, name_of(TextState::refused)}});
    alert_raised(*loss.loss.gives_up);
  } else {
    counts.push_back({Metric::texts_retried, {}});
  }
  if (loss.consequences.alert) alert_raised(*loss.consequences.alert);
  if (loss.learned) {
    for (const Count& count : counts_of_lesson(loss.learned->fact)) counts.push_back(count);
  }
  return counts;
}

std::optional<Loss> told_loss(FactReader& facts, const TextRecord& text, std::string_view message_sid,
                              const Carrier& carrier, const RetryRules& rules, Instant now, Random& random) {
  const std::optional<ToldLoss> told = facts.told_lost(text.row, message_sid);
  if (!told) return std::nullopt;
  seen(RarePath::text_lost_before_recorded);
  const TextRecord by_its_way = as_requested(text, told->attempt);
  const Way& way = text.promise.ways[by_its_way.way];
  return loss_of(by_its_way, carrier.why_lost(way.account, told->code), rules, now, random);
}

void write_consequences(StoreBatch& batch, const Consequences& consequences, Instant now) {
  if (consequences.blocked) batch.block_sender(*consequences.blocked);
  if (consequences.alert) batch.raise(*consequences.alert, now);
}

std::optional<TextRecord> write_loss(StoreBatch& batch, const TextRecord& text, const Loss& loss, Instant now) {
  write_consequences(batch, loss.consequences, now);
  // The loss stands even if the fact cannot be kept: the next text to this phone is refused again.
  if (loss.learned) static_cast<void>(batch.change_directory(*loss.learned, now));
  return batch.record_lost(text.row, loss.loss, now);
}

}  // namespace jobrun::outbox
