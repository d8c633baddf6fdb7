// What the service does on its own, every moment: notices changes of the directory, looks for calls past
// their deadline, asks about unknown texts, sweeps the carrier's lists, tells owners of their week and the
// operator when too many texts wait, and keeps the gauges true.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/ports/clock.hpp"
#include "base/ports/journal.hpp"
#include "base/ports/meter.hpp"
#include "base/ports/store.hpp"
#include "contact_card_watch.hpp"
#include "directory/directory.hpp"
#include "old_words.hpp"
#include "outbox/look_ups.hpp"
#include "sign_up_watch.hpp"
#include "store_watch.hpp"
#include "sweep/sweep.hpp"
#include "weekly_watch.hpp"

namespace jobrun::app {

class Housekeeping {
 public:
  /// Keeps the directory on disk, so that a crash at any moment leaves the old one or the new one.
  using SaveSnapshot = std::function<Result<void>(const directory::Snapshot&)>;

  struct Ports {
    std::unique_ptr<StoreReader> reader;
    directory::Directory& directory;
    outbox::LookUps& look_ups;
    sweep::Sweep* sweep;  ///< null: nothing is swept
    SignUpWatch& sign_up_watch;
    WeeklyWatch& weekly_watch;
    ContactCardWatch& contact_cards;
    StoreWatch& store_watch;
    OldWordsWatch& old_words;
    Journal& journal;
    Meter& meter;
    Log& log;
    const Clock& clock;
    SaveSnapshot save_snapshot;
  };
  struct Options {
    directory::ConfiguredNumbers configured;
    LongestWaits longest_waits;
    Duration overdue_every{1'000};
    std::int64_t texts_waiting_alert_above = 1'000;  ///< the operator is alerted when more wait
  };

  Housekeeping(Ports ports, Options options);

  /// Does what is due. One thread at a time; failures of the store are logged and tried again next time.
  void run_once();

 private:
  void refresh_directory();
  void look_for_overdue_calls();
  void refresh_gauges(const StoreLevels& levels);
  void watch_queue(std::int64_t waiting);

  Ports ports_;
  Options options_;
  std::chrono::nanoseconds overdue_due_{0};
  std::int64_t saved_version_ = -1;         ///< of the snapshot on disk; -1: none that is known to be whole
  std::chrono::nanoseconds current_at_{0};  ///< when the snapshot on disk was last known to be current
  /// The operator was told that the queue is too long. Shared with the journal, which may not have kept it.
  std::shared_ptr<std::atomic<bool>> told_of_queue_ = std::make_shared<std::atomic<bool>>(false);
};

/// Runs what is to be run every moment, such as housekeeping, until it is destroyed.
class HousekeepingThread {
 public:
  HousekeepingThread(std::function<void()> run_once, Duration every);
  ~HousekeepingThread();
  HousekeepingThread(const HousekeepingThread&) = delete;
  HousekeepingThread& operator=(const HousekeepingThread&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace jobrun::app
