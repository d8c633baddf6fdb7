// The way of an Event behind the gate: ledger, outbox, alerts and housekeeping, wired once for whoever runs it.
//
// The service drives it with threads, over real ports; the simulation drives it in one thread, over a world of
// its own. What stands between the ports is the same code, in the same start order.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "alert/alert_dispatcher.hpp"
#include "alert/email_channel.hpp"
#include "alert_texting.hpp"
#include "base/ports/alert_channel.hpp"
#include "base/ports/carrier.hpp"
#include "base/ports/carrier_calls.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/ports/carrier_texts.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/numbering_plan.hpp"
#include "base/ports/random.hpp"
#include "base/ports/spool.hpp"
#include "base/ports/store.hpp"
#include "base/ports/time_zones.hpp"
#include "contact_card_watch.hpp"
#include "directory/directory.hpp"
#include "event_decider.hpp"
#include "flow/after_call.hpp"
#include "housekeeping.hpp"
#include "ledger/ledger.hpp"
#include "outbox/dispatcher.hpp"
#include "outbox/look_ups.hpp"
#include "owner_time.hpp"
#include "sign_up_watch.hpp"
#include "store/guard.hpp"
#include "store/holding_spool.hpp"
#include "store/stand_in.hpp"
#include "store_watch.hpp"
#include "sweep/sweep.hpp"
#include "texting/operator_reply.hpp"
#include "weekly_watch.hpp"
#include "writer_decisions.hpp"

namespace jobrun::app {

class Pipeline {
 public:
  /// All outlive the pipeline.
  struct Ports {
    Store& store;
    Spool* spool = nullptr;         ///< null: events that the store cannot take are refused
    store::Guard* guard = nullptr;  ///< null: with a spool, events that the store cannot take wait there for it
    Carrier& carrier;
    std::vector<AlertChannel*> alert_channels;
    NumberingPlan& numbering_plan;
    TimeZones& time_zones;
    Meter& meter;
    Log& log;
    Clock& clock;
    Random& random;
    Housekeeping::SaveSnapshot save_snapshot;
    /// The directory as it was saved last, for a start without the store; null: there is no such start.
    std::function<Result<std::shared_ptr<const directory::Snapshot>>()> load_snapshot = nullptr;
    /// Both null: the carrier has no list of calls, and nothing is swept.
    CarrierCalls* carrier_calls = nullptr;
    CarrierNumbers* carrier_numbers = nullptr;
    CarrierTexts* carrier_texts = nullptr;          ///< null: it has no list of texts
    CarrierMedia* carrier_media = nullptr;          ///< null: it gives no attachments
    alert::EmailChannel::Transport mail = nullptr;  ///< needed with Options::alert_mail
  };
  struct Options {
    directory::ConfiguredNumbers configured;
    flow::Policy policy;
    texting::SignUpPolicy sign_up{};
    ledger::Ledger::Options ledger{};
    outbox::DispatcherOptions outbox{};
    outbox::LookUpOptions look_ups{};
    alert::AlertDispatcherOptions alerts{};
    std::optional<AlertTextingOptions> alert_texting{};        ///< empty: no alert is texted
    std::optional<alert::EmailChannel::Options> alert_mail{};  ///< empty: no alert is mailed
    sweep::SweepOptions sweep{};
    OldWordsWatch::Options old_words{};
    Duration overdue_every{1'000};
    std::int64_t texts_waiting_alert_above = 1'000;
  };

  /// Records what a former process left in flight, reads the directory, and wires the parts. When the store cannot
  /// be read or written it starts without it, if there is what it takes; if not it fails, or throws StoreFailure,
  /// and nothing was started.
  static Result<std::unique_ptr<Pipeline>> start(Ports ports, Options options);
  ~Pipeline() = default;
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  ledger::Ledger& ledger() { return *ledger_; }
  outbox::Dispatcher& outbox() { return *outbox_; }
  alert::AlertDispatcher& alerts() { return *alerts_; }
  Housekeeping& housekeeping() { return *housekeeping_; }
  /// An operator's words to a customer, by the directory and the rules in force. On the writer.
  Result<Commit> reply_to_customer(const texting::OperatorsWords& reply, FactReader& facts, Instant now);
  /// What a command has promised, once that is durable: counted, and sent. Any thread.
  void promised(const Commit& commit, std::vector<TextRecord> texts);
  /// The texts of which something is in memory alone.
  std::unordered_set<std::string> texts_held() const {
    return spool_ ? spool_->texts_held() : std::unordered_set<std::string>{};
  }

 private:
  Pipeline(Ports ports, Options options);
  Result<void> open_store();
  Result<void> take_up_former_texts();
  Result<void> start_without_store(const Error& because);
  void read_guard();
  void wire_ledger();
  void wire_outbox();
  void wire_look_ups();
  void wire_alerts();
  void open_alert_channels();
  alert::WaysSetUp ways_to_people() const {
    return {.email = options_.alert_mail.has_value(), .text = options_.alert_texting.has_value()};
  }
  std::optional<std::string> mailed_owner(const AlertRequest& alert) const;
  alert::AlertDispatcher::QuietUntil quiet_hours() const;
  void warn_of_alert_channels();
  void wire_sweep();
  void wire_sign_up_watch();
  void wire_weekly_watch();
  void wire_contact_cards();
  void wire_housekeeping();
  LongestWaits longest_waits() const;

  Ports ports_;
  Options options_;
  OwnerTime owner_time_;
  std::optional<store::GuardedStore> guarded_store_;
  std::optional<store::HoldingSpool> spool_;
  std::optional<store::SqliteStandIn> stand_in_;
  std::optional<directory::Directory> directory_;
  std::optional<EventDecider> decider_;
  std::optional<ledger::Ledger> ledger_;
  std::unique_ptr<StoreReader> outbox_reader_;
  std::optional<outbox::Dispatcher> outbox_;
  std::unique_ptr<StoreReader> look_up_reader_;
  std::optional<outbox::LookUps> look_ups_;
  std::optional<AlertTexting> alert_texting_;
  std::optional<alert::EmailChannel> email_channel_;
  std::vector<AlertChannel*> alert_channels_;  ///< those given, and the ways to people
  std::unique_ptr<StoreReader> alert_reader_;
  std::optional<alert::AlertDispatcher> alerts_;
  std::unique_ptr<StoreReader> sweep_reader_;
  std::optional<sweep::Sweep> sweep_;
  std::optional<WriterDecisions> decisions_;
  std::optional<SignUpWatch> sign_up_watch_;
  std::optional<WeeklyWatch> weekly_watch_;
  std::optional<ContactCardWatch> contact_cards_;
  std::optional<StoreWatch> store_watch_;
  std::optional<OldWordsWatch> old_words_;
  std::optional<Housekeeping> housekeeping_;
};

}  // namespace jobrun::app
