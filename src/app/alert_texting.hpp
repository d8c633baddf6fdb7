// Alerts by text: who is told, from which of our numbers, and through which exit.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "alert/text_channel.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/store.hpp"
#include "directory/directory.hpp"
#include "outbox/alert_texts.hpp"

namespace jobrun::app {

/// The operator's phone, and what texts leave from when the number called cannot tell.
struct AlertTextingOptions {
  E164 operator_phone;
  E164 failsafe_sender;
  std::optional<E164> second_sender{};  ///< of the second account
  bool is_email_set_up = false;         ///< owners who chose that are not texted then
};

class AlertTexting {
 public:
  /// All outlive it.
  struct Ports {
    Carrier& carrier;
    NumberingPlan& numbering_plan;
    const directory::Directory& directory;
    std::unique_ptr<StoreReader> reader;  ///< its own
    Journal& journal;
    Meter& meter;
    Log& log;
  };

  AlertTexting(Ports ports, AlertTextingOptions options);

  AlertChannel& channel() { return channel_; }

 private:
  std::optional<alert::KnownOwner> owner_of(const AlertRequest& alert) const;
  std::vector<Way> ways_from(std::optional<E164> number_called) const;
  Result<PhoneFacts> phone_facts(const FactScope& scope, E164 phone);
  bool is_blocked(const Way& way);
  void learn(const SetPhoneFact& fact);

  Ports ports_;
  AlertTextingOptions options_;
  std::mutex reader_mutex_;  ///< one thread at a time reads: the dispatcher's, or the watch's over the store
  outbox::AlertTexts exit_;
  alert::TextChannel channel_;
};

}  // namespace jobrun::app
