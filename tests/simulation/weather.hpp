// What goes wrong, and when: each world has at least three kinds of fault, each in spells.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "schedule.hpp"
#include "seeded_random.hpp"

namespace jobrun::simulation {

enum class Fault {
  disk_fails,
  disk_full,
  disk_stalls,
  file_moved,
  carrier_limits,
  carrier_down,
  carrier_breaks,
  carrier_hangs,
  credentials_refused,
  second_account_down,
  messages_lost,
  statuses_early,
  webhooks_lost,
  webhooks_repeated,
  webhooks_late,
  answers_lost,
  alerts_refused,
  alerts_hang,
  clock_wrong,
  crowd,
  answers_cut,
  statuses_lost,
  lists_blind,  ///< not by chance: what follows is a text sent twice, and counted
};

}  // namespace jobrun::simulation

template <>
struct jobrun::NamesOf<jobrun::simulation::Fault> {
  using Fault = jobrun::simulation::Fault;
  static constexpr std::array<Named<Fault>, 23> rows = {
      {{Fault::disk_fails, "the disk fails"},
       {Fault::disk_full, "the disk is full"},
       {Fault::disk_stalls, "the disk stalls"},
       {Fault::file_moved, "the database file is moved away"},
       {Fault::carrier_limits, "the carrier limits our rate"},
       {Fault::carrier_down, "the carrier cannot be reached"},
       {Fault::carrier_breaks, "the carrier answers 5xx"},
       {Fault::carrier_hangs, "the carrier does not answer"},
       {Fault::credentials_refused, "our credentials are refused"},
       {Fault::second_account_down, "the second account cannot be reached"},
       {Fault::messages_lost, "the carrier loses what it took"},
       {Fault::statuses_early, "statuses come before answers"},
       {Fault::webhooks_lost, "webhooks are lost"},
       {Fault::webhooks_repeated, "webhooks come twice"},
       {Fault::webhooks_late, "webhooks come late"},
       {Fault::answers_lost, "our answers are lost"},
       {Fault::alerts_refused, "alerts are refused"},
       {Fault::alerts_hang, "alerts are answered late"},
       {Fault::clock_wrong, "the clock is wrong"},
       {Fault::crowd, "many calls at once"},
       {Fault::answers_cut, "the carrier's answers are cut off"},
       {Fault::statuses_lost, "statuses of messages are lost"},
       {Fault::lists_blind, "the carrier lists nothing"}}};
};

namespace jobrun::simulation {

class Weather {
 public:
  struct Spell {
    Duration from{0};
    Duration to{0};
  };

  /// Three to seven kinds of fault, each in one to three spells within `length`.
  Weather(SeededRandom& random, const Schedule& schedule, Duration length);
  /// A forecast that comes true: faults strike with the given percentage of chance, whatever is asked for.
  struct Forecast {
    Spell spell;
    unsigned percent = 100;
  };
  Weather(SeededRandom& random, const Schedule& schedule, const std::map<Fault, Forecast>& forecast);

  bool is_on(Fault fault) const;
  /// A fault in its spell strikes now and then.
  bool strikes(Fault fault, unsigned percent = 40) {
    if (!is_on(fault)) return false;
    const auto certain = percents_.find(fault);
    return random_.chance(certain == percents_.end() ? percent : certain->second);
  }
  /// Until the calm.
  void clear() { spells_.clear(); }

  const std::map<Fault, std::vector<Spell>>& spells() const { return spells_; }

 private:
  SeededRandom& random_;
  const Schedule& schedule_;
  std::map<Fault, std::vector<Spell>> spells_;
  std::map<Fault, unsigned> percents_;
};

}  // namespace jobrun::simulation
