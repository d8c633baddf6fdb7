// The invariants: what must be true after every step, when a process starts again, and once calm has returned.
//
// Cheap ones are looked at after every step that changed the disk; all of them at every start, every so many
// changes, and at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "process.hpp"
#include "sign_up_judge.hpp"
#include "weather.hpp"

namespace jobrun::simulation {

class Judge {
 public:
  struct Surroundings {
    const Schedule& schedule;
    Truth& truth;
    const Town& town;
    const Disk& disk;
    Process& process;
    const app::Pipeline::Options& options;
  };

  explicit Judge(Surroundings around) : around_(around), sign_ups_({around.truth, around.town, around.process}) {}

  /// A life begins: nothing acknowledged may be missing, and counting starts anew.
  void at_start();
  void after_step();
  /// All faults are over, and there was time to recover.
  void at_the_end();
  /// The same, where the carrier's lists are swept: calls of which no webhook came have ended too, and texts are
  /// known.
  void nothing_is_left_out();

  /// A way tells an alert. It may do so again only where its answer was lost: neither the life that tells nor the
  /// journal knows that it was accepted.
  void at_telling(AlertWay way, AlertId alert, bool was_heard);

  /// Something went wrong that may delay incidents: the deadline's slack starts anew.
  void trouble() { trouble_at_ = around_.schedule.elapsed(); }
  /// True while the judge reads the disk: its reads are nobody's.
  bool is_looking() const { return is_looking_; }

 private:
  /// What of the store is counted since the process began.
  struct Counts {
    std::map<std::string, std::int64_t> of;
  };

  void check_bounds();
  void check_deadlines();
  void check_all();
  void check_acknowledged();
  void check_records();
  void check_pairs();
  void check_outcomes();
  void check_metrics(bool is_settled);
  void check_ended_calls();
  void check_unknown_texts();
  void check_reasons();
  void check_acknowledgements();
  Duration caused_at(const std::string& cause) const;
  void check_opt_outs();
  void check_stops();
  bool is_failsafe_unguarded(std::int64_t client) const;
  bool has_said(const std::string& phone, bool InboundTruth::* word) const;
  void check_pauses();
  void check_losses();
  void check_blocked_senders();
  Instant acted_on_at(Instant at) const;
  /// Runs checks that read the disk; that it cannot be read is a violation too.
  void look(const std::function<void()>& checks);
  Counts count() const;
  double happened(const std::string& name, std::int64_t value) const;
  double counted(const std::string& name) const;
  void forgive_batches_in_doubt(const Counts& counts);
  void must_be_none(const std::string& sql, const std::string& rule, std::optional<Instant> limit = std::nullopt);

  Surroundings around_;
  SignUpJudge sign_ups_;
  Counts at_start_;
  std::map<std::string, double> forgiven_;  ///< of what happened, not counted because a batch is in doubt
  double store_failures_ = 0;
  std::uint64_t syncs_ = 0;
  int changes_ = 0;
  Duration trouble_at_{0};
  bool is_looking_ = false;
  bool is_without_database_ = false;  ///< the life began so, and has not had it yet
  bool is_counting_ = true;           ///< false: for this life metrics are not held against the database
};

}  // namespace jobrun::simulation
