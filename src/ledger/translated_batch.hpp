// A batch of the store that knows texts by the rows they had while another stood in for it, too.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>

#include "base/ports/forwarding_batch.hpp"

namespace jobrun::ledger {

/// The rows of texts in the store, by those in what stood in for it.
using RowsMeanwhile = std::unordered_map<std::int64_t, TextRow>;

class TranslatedBatch final : public ForwardingBatch<> {
 public:
  TranslatedBatch(std::unique_ptr<StoreBatch> inner, const RowsMeanwhile& rows)
      : ForwardingBatch(std::move(inner)), rows_(rows) {}

  bool has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) override {
    return inner().has_message_event(own(text), message_sid, status_text);
  }
  bool was_lost(TextRow text, std::string_view message_sid) override {
    return inner().was_lost(own(text), message_sid);
  }
  std::optional<ToldLoss> told_lost(TextRow text, std::string_view message_sid) override {
    return inner().told_lost(own(text), message_sid);
  }
  std::optional<std::string> told_message(TextRow text) override { return inner().told_message(own(text)); }
  bool mark_started(TextRow text, SendAttempt attempt, ClosedWays closed_ways, Instant now) override {
    return inner().mark_started(own(text), attempt, closed_ways, now);
  }
  bool record_accepted(TextRow text, std::string_view message_sid, Instant now) override {
    return inner().record_accepted(own(text), message_sid, now);
  }
  bool record_found(TextRow text, std::string_view message_sid, Instant now) override {
    return inner().record_found(own(text), message_sid, now);
  }
  bool record_unknown(TextRow text, std::string_view reason, Instant now) override {
    return inner().record_unknown(own(text), reason, now);
  }
  bool record_not_sent(TextRow text, std::string_view reason, ClosedWays closed_ways, Instant due_at,
                       Instant now) override {
    return inner().record_not_sent(own(text), reason, closed_ways, due_at, now);
  }
  bool record_refused(TextRow text, int code, std::string_view reason, const AlertRequest& alert,
                      Instant now) override {
    return inner().record_refused(own(text), code, reason, alert, now);
  }
  std::optional<TextRecord> record_lost(TextRow text, const TextLoss& loss, Instant now) override {
    return inner().record_lost(own(text), loss, now);
  }

 private:
  TextRow own(TextRow text) const {
    const auto found = rows_.find(text.value);
    return found == rows_.end() ? text : found->second;
  }

  const RowsMeanwhile& rows_;
};

}  // namespace jobrun::ledger
