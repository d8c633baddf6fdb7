#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/ports/carrier.hpp"
#include "base/text.hpp"
#include "loss.hpp"
#include "next_step.hpp"

namespace jobrun::outbox {

/// A group of texts being marked started, as one piece of journal work.
struct StartGroup {
  struct Item {
    TextRow row;
    SendAttempt attempt;
    Way taken;  ///< what that way is
    ClosedWays closed_ways{};
    E164 recipient;
    std::optional<ClientId> client{};
    bool in_doubt = false;              ///< an earlier mark may have become durable without a send
    bool started = false;               ///< set by the writer
    bool is_away = false;               ///< set by the writer: the store that the text is in is away
    bool is_blocked = false;            ///< set by the writer: nothing may leave from this sender
    std::optional<PhoneFact> barred{};  ///< set by the writer: why nothing may leave to this recipient
  };
  std::vector<Item> items;
  bool durable = false;
};

/// A group of answers being recorded, as one piece of journal work.
struct RecordGroup {
  struct Item {
    TextRecord text;
    NextStep step;
    std::vector<AlertRequest> more_alerts{};  ///< raised with it, once
    Consequences consequences{};              ///< of a refusal, beyond the text
    std::string told_message_sid{};           ///< set by the writer: a request before had become this message
    std::optional<Loss> loss{};               ///< set by the writer: accepted, and known to be lost
    bool has_written_loss = false;            ///< by this record, at some attempt
    bool is_stopped_at_the_exit = false;      ///< its caller is to be served all the same
    std::optional<TextRecord> instead{};      ///< set by the writer: promised to that caller
    bool is_away = false;                     ///< set by the writer: the store that the text is in is away
  };
  std::vector<Item> items;
  bool durable = false;
};

/// What reached the dispatcher from other threads since its last pump. Everything that comes from outside
/// only lands here; pump() alone changes the dispatcher's state.
class Inbox {
 public:
  struct Answer {
    TextRow row;
    SendAnswer answer;
  };
  struct Mail {
    std::vector<TextRecord> promised;
    bool promised_overflowed = false;  ///< later promises were let go; they are in the store
    std::vector<std::shared_ptr<StartGroup>> starts;
    std::vector<std::shared_ptr<RecordGroup>> records;
    std::vector<Answer> answers;
    bool credentials_replaced = false;
    std::optional<bool> is_standing_in{};  ///< as told last: another store is used from now on
  };

  explicit Inbox(std::size_t promised_max) : promised_max_(promised_max) {}

  void set_wake(std::function<void()> wake) {
    auto shared = wake ? std::make_shared<const std::function<void()>>(std::move(wake)) : nullptr;
    const std::lock_guard lock(mutex_);
    wake_ = std::move(shared);
  }

  void put_promised(std::vector<TextRecord> texts) {
    deliver([&](Mail& mail) {
      if (mail.promised_overflowed || mail.promised.size() + texts.size() > promised_max_) {
        mail.promised_overflowed = true;
        return;
      }
      mail.promised.insert(mail.promised.end(), std::make_move_iterator(texts.begin()),
                           std::make_move_iterator(texts.end()));
    });
  }

  /// Puts something else in and wakes the driver.
  template <class Put>
  void deliver(Put put) {
    std::shared_ptr<const std::function<void()>> wake;
    {
      const std::lock_guard lock(mutex_);
      put(mail_);
      wake = wake_;
    }
    if (wake) (*wake)();
  }

  Mail take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(mail_, Mail{});
  }

 private:
  std::size_t promised_max_;
  std::mutex mutex_;
  Mail mail_;
  std::shared_ptr<const std::function<void()>> wake_;
};

}  // namespace jobrun::outbox
